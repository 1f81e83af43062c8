/// `weir bench ops`: small calls a second, wire beside gRPC and others.
@NullMarked
package dev.weir.bench.ops;

import org.jspecify.annotations.NullMarked;
