/// How batches are compressed: the level by where the bottleneck is, dictionaries by what the data
/// of this edge gains from them.
@NullMarked
package dev.weir.edge.encoding;

import org.jspecify.annotations.NullMarked;
