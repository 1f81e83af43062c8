/// Tests of the scale cases.
@NullMarked
package dev.weir.bench.scale;

import org.jspecify.annotations.NullMarked;
