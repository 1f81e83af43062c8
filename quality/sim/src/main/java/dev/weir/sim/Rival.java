package dev.weir.sim;

import dev.weir.flow.LimitedBy;
import dev.weir.flow.PathFigures;
import dev.weir.flow.Window;

/// What the windows for comparison leave out: they learn from acks alone, and a run has one
/// session.
abstract class Rival implements Window {
  /// The mean message: controllers that count requests count these.
  static final long MESSAGE_BYTES = 16_000;

  @Override
  public void onSent(long nowNanos, long bytes) {
    // Not a source of what it knows.
  }

  @Override
  public void onLimited(long nowNanos, LimitedBy reason) {
    // A run always has something to send.
  }

  @Override
  public void onSession() {
    // A run has one session.
  }

  @Override
  public void onTakenBack(long bytes) {
    // Nothing is refused in a run.
  }

  @Override
  public PathFigures figures() {
    return new PathFigures(0, 0, 0, 0);
  }
}
