/// Prometheus: remote write and scraping.
@NullMarked
package dev.weir.edge.source.prometheus;

import org.jspecify.annotations.NullMarked;
