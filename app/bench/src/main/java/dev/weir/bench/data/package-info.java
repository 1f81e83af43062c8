/// Data made from a seed, the same on every machine.
@NullMarked
package dev.weir.bench.data;

import org.jspecify.annotations.NullMarked;
