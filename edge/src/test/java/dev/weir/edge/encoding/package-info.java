@NullMarked
package dev.weir.edge.encoding;

import org.jspecify.annotations.NullMarked;
