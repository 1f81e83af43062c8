@NullMarked
package dev.weir.auth.guard;

import org.jspecify.annotations.NullMarked;
