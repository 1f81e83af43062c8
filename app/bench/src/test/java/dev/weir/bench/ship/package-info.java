@NullMarked
package dev.weir.bench.ship;

import org.jspecify.annotations.NullMarked;
