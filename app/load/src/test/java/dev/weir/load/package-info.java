@NullMarked
package dev.weir.load;

import org.jspecify.annotations.NullMarked;
