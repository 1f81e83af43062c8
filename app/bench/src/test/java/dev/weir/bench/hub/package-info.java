@NullMarked
package dev.weir.bench.hub;

import org.jspecify.annotations.NullMarked;
