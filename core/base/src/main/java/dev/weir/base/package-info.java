/// What every module shares: time, sizes, bytes, checks and the error registry. No I/O.
@NullMarked
package dev.weir.base;

import org.jspecify.annotations.NullMarked;
