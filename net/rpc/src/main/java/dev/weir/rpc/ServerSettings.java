package dev.weir.rpc;

import io.grpc.CompressorRegistry;
import io.grpc.DecompressorRegistry;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/// What the calls of one server share.
///
/// @param executor runs handlers; null for the connections' event loops
/// @param timers of deadlines
/// @param maxInboundBytes the largest message taken
record ServerSettings(
    @Nullable Executor executor,
    ScheduledExecutorService timers,
    CompressorRegistry compressors,
    DecompressorRegistry decompressors,
    int maxInboundBytes,
    List<ServerStreamTracer.Factory> tracers) {

  /// The tracers of one call.
  List<ServerStreamTracer> newTracers(String method, Metadata headers) {
    if (tracers.isEmpty()) {
      return List.of();
    }
    List<ServerStreamTracer> made = new ArrayList<>();
    for (ServerStreamTracer.Factory factory : tracers) {
      made.add(factory.newServerStreamTracer(method, headers));
    }
    return made;
  }
}
