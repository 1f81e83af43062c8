@NullMarked
package dev.weir.bench.ops;

import org.jspecify.annotations.NullMarked;
