/// The gRPC door: links into the broker, subscriptions out of it.
@NullMarked
package dev.weir.gateway.grpc;

import org.jspecify.annotations.NullMarked;
