@NullMarked
package dev.weir.gateway.grpc;

import org.jspecify.annotations.NullMarked;
