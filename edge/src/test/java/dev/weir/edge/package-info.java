@NullMarked
package dev.weir.edge;

import org.jspecify.annotations.NullMarked;
