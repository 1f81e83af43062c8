@NullMarked
package dev.weir.router;

import org.jspecify.annotations.NullMarked;
