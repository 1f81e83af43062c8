/// `weir bench remote`: a peer's remote, by mode, buffer and transport.
@NullMarked
package dev.weir.bench.remote;

import org.jspecify.annotations.NullMarked;
