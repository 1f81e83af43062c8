/// gRPC without HTTP/2: generated stubs and services over [dev.weir.wire].
@NullMarked
package dev.weir.rpc;

import org.jspecify.annotations.NullMarked;
