/// A core or an edge, assembled from its configuration, with its metrics and health.
@NullMarked
package dev.weir.node;

import org.jspecify.annotations.NullMarked;
