package dev.weir.link;

import dev.weir.base.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Which addresses gRPC reached where wire did not come through, for a while: a proxy that breaks
/// wire costs a failed handshake once, and one that is taken away is noticed. Any thread.
final class Ways {
  /// 10 min: a failed handshake costs up to half the time to connect, a way that is not the best
  /// some CPU.
  static final long MEMORY_NANOS = 600_000_000_000L;

  private final Clock clock;
  private final Map<String, Long> grpcUntilNanos = new ConcurrentHashMap<>();

  Ways(Clock clock) {
    this.clock = clock;
  }

  /// Whether gRPC is to be tried alone.
  boolean isGrpcBetter(String address) {
    Long until = grpcUntilNanos.get(address);
    return until != null && clock.nanoTime() - until < 0;
  }

  void preferGrpc(String address) {
    grpcUntilNanos.put(address, clock.nanoTime() + MEMORY_NANOS);
  }

  /// gRPC did not come through either: what was known of the address holds no more.
  void forget(String address) {
    grpcUntilNanos.remove(address);
  }
}
