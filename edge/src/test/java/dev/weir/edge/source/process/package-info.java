@NullMarked
package dev.weir.edge.source.process;

import org.jspecify.annotations.NullMarked;
