/// The engine that keeps partitions in segmented logs on this machine's disk.
@NullMarked
package dev.weir.broker.embedded;

import org.jspecify.annotations.NullMarked;
