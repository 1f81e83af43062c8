package dev.weir.wire;

import dev.weir.base.ByteSize;
import dev.weir.base.Clock;
import java.util.List;

/// What the connections of one end share.
///
/// @param nodeId what this end calls itself
/// @param limits what it takes
/// @param budget shared with other ends of the process
/// @param counters what happens is counted here
/// @param clock for deadlines
/// @param features bits that this end has, see [WireFeatures]
/// @param security TLS and who may come
/// @param compression how bodies are compressed where [WireFeatures#ZSTD] is agreed
public record WireContext(
    String nodeId,
    WireLimits limits,
    MemoryBudget budget,
    WireCounters counters,
    Clock clock,
    long features,
    WireSecurity security,
    WireCompression compression) {
  /// A quarter of the direct memory that the machine may use leaves room for what others hold.
  private static final int BUDGET_DIVISOR = 4;

  /// Compresses as is standard, if at all.
  public WireContext(
      String nodeId,
      WireLimits limits,
      MemoryBudget budget,
      WireCounters counters,
      Clock clock,
      long features,
      WireSecurity security) {
    this(nodeId, limits, budget, counters, clock, features, security, new WireCompression());
  }

  /// Standard limits, a budget and counters of its own.
  public static WireContext of(String nodeId) {
    return new WireContext(
        nodeId,
        WireLimits.STANDARD,
        new MemoryBudget(new ByteSize(Runtime.getRuntime().maxMemory() / BUDGET_DIVISOR)),
        new WireCounters(),
        Clock.SYSTEM,
        0,
        WireSecurity.NONE);
  }

  public WireContext with(WireLimits other) {
    return new WireContext(nodeId, other, budget, counters, clock, features, security, compression);
  }

  public WireContext with(MemoryBudget other) {
    return new WireContext(nodeId, limits, other, counters, clock, features, security, compression);
  }

  public WireContext withFeatures(long bits) {
    return new WireContext(nodeId, limits, budget, counters, clock, bits, security, compression);
  }

  /// Offers a checksum on messages, as well as what is offered already.
  public WireContext withCrc() {
    return withFeatures(features | WireFeatures.CRC);
  }

  /// Offers compressed messages, as well as what is offered already.
  public WireContext with(WireCompression other) {
    long bits = features | WireFeatures.ZSTD;
    return new WireContext(nodeId, limits, budget, counters, clock, bits, security, other);
  }

  public WireContext with(WireSecurity other) {
    return new WireContext(nodeId, limits, budget, counters, clock, features, other, compression);
  }

  /// What this end has.
  private long featuresOf(boolean isClient) {
    return isClient || limits.lease() != null ? features | WireFeatures.LEASE : features;
  }

  Hello hello(long epoch, boolean isClient) {
    return new Hello(
        List.copyOf(WireVersion.SUPPORTED),
        featuresOf(isClient),
        nodeId,
        epoch,
        limits.frame().intBytes(),
        limits.streamWindow().intBytes(),
        limits.connectionWindow().intBytes(),
        (int) limits.keepalive().toMillis(),
        security.token() != null);
  }
}
