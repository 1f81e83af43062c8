/// Scenarios that measure, and their results as `weir.bench/v1`.
@NullMarked
package dev.weir.bench;

import org.jspecify.annotations.NullMarked;
