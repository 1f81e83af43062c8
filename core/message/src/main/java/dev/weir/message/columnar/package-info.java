/// Metric batches as columns: an exact, reversible form of a batch's payload that compresses better
/// than its rows. Knows bytes only; no I/O, no threads.
@NullMarked
package dev.weir.message.columnar;

import org.jspecify.annotations.NullMarked;
