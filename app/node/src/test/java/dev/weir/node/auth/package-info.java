@NullMarked
package dev.weir.node.auth;

import org.jspecify.annotations.NullMarked;
