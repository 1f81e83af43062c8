/// Pieces of the pages that scenarios write.
@NullMarked
package dev.weir.bench.page;

import org.jspecify.annotations.NullMarked;
