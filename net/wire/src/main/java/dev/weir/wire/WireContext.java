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
/// @param features bits that this end has
/// @param security TLS and who may come
public record WireContext(
    String nodeId,
    WireLimits limits,
    MemoryBudget budget,
    WireCounters counters,
    Clock clock,
    long features,
    WireSecurity security) {
  /// A quarter of the direct memory that the machine may use leaves room for what others hold.
  private static final int BUDGET_DIVISOR = 4;

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
    return new WireContext(nodeId, other, budget, counters, clock, features, security);
  }

  public WireContext with(MemoryBudget other) {
    return new WireContext(nodeId, limits, other, counters, clock, features, security);
  }

  public WireContext withFeatures(long bits) {
    return new WireContext(nodeId, limits, budget, counters, clock, bits, security);
  }

  public WireContext with(WireSecurity other) {
    return new WireContext(nodeId, limits, budget, counters, clock, features, other);
  }

  Hello hello(long epoch) {
    return new Hello(
        List.copyOf(WireVersion.SUPPORTED),
        features,
        nodeId,
        epoch,
        limits.frame().intBytes(),
        limits.streamWindow().intBytes(),
        limits.connectionWindow().intBytes(),
        (int) limits.keepalive().toMillis(),
        security.token() != null);
  }
}
