@NullMarked
package dev.weir.bench.data;

import org.jspecify.annotations.NullMarked;
