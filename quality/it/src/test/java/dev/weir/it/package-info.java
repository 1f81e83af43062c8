@NullMarked
package dev.weir.it;

import org.jspecify.annotations.NullMarked;
