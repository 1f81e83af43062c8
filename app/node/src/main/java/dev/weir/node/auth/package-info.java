/// `auth.yaml`: read strictly, written atomically, watched.
@NullMarked
package dev.weir.node.auth;

import org.jspecify.annotations.NullMarked;
