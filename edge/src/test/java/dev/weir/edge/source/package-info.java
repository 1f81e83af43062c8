@NullMarked
package dev.weir.edge.source;

import org.jspecify.annotations.NullMarked;
