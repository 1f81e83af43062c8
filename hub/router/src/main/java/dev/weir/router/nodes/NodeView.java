package dev.weir.router.nodes;

import dev.weir.router.StorageNode;
import java.time.Duration;
import java.util.Optional;

/// What a router knows of a storage node by what it says.
///
/// @param report its last answer; empty before the first
/// @param heardNanos when that came, in [System#nanoTime]
/// @param isLeaving whether it said since that it is about to end
/// @param isSilent whether no answer came for three periods, or ever
/// @param trouble why the channel to it was lost last, or what is wrong with its answers; empty
///   while it answers
public record NodeView(
    StorageNode node,
    Optional<NodeReport> report,
    long heardNanos,
    boolean isLeaving,
    boolean isSilent,
    String trouble) {
  /// How a storage node fares, by its own word.
  public enum State {
    /// It takes calls.
    SERVING,
    /// It is about to end: new calls are refused.
    DRAINING,
    /// It takes no writes: new calls are refused.
    CANNOT_STORE,
    /// It says nothing: it is gone, refuses this router, or is of a version that does not answer.
    SILENT
  }

  public State state() {
    if (isSilent || report.isEmpty()) {
      return State.SILENT;
    }
    if (isLeaving) {
      return State.DRAINING;
    }
    return report.get().figures().canStore() ? State.SERVING : State.CANNOT_STORE;
  }

  /// How long ago the last answer came; empty before the first.
  public Optional<Duration> sinceHeard(long nowNanos) {
    return report.map(_ -> Duration.ofNanos(Math.max(0, nowNanos - heardNanos)));
  }
}
