@NullMarked
package dev.weir.bench.remote;

import org.jspecify.annotations.NullMarked;
