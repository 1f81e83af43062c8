/// A broker as one session may see it.
@NullMarked
package dev.weir.auth.guard;

import org.jspecify.annotations.NullMarked;
