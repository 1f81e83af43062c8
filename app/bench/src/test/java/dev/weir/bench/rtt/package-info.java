@NullMarked
package dev.weir.bench.rtt;

import org.jspecify.annotations.NullMarked;
