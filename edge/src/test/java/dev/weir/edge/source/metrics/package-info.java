@NullMarked
package dev.weir.edge.source.metrics;

import org.jspecify.annotations.NullMarked;
