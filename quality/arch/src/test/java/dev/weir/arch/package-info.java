@NullMarked
package dev.weir.arch;

import org.jspecify.annotations.NullMarked;
