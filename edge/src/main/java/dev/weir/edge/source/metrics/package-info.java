/// Lines of Prometheus' text format, as the sources that measure write them.
@NullMarked
package dev.weir.edge.source.metrics;

import org.jspecify.annotations.NullMarked;
