@NullMarked
package dev.weir.edge.source.statsd;

import org.jspecify.annotations.NullMarked;
