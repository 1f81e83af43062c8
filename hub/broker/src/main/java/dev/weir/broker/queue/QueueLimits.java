package dev.weir.broker.queue;

import dev.weir.base.Checks;

/// What a queue may keep in memory beyond positions.
///
/// @param windowMessages ready messages of a priority that are loaded ahead, 1 to 65,536
/// @param maxLoaded messages loaded in all: ready, waiting for a retry, or behind their key; a
///   queue above it loads nothing more, and hands out nothing while as many wait for a retry. 1 to
///   16,777,216
public record QueueLimits(int windowMessages, int maxLoaded) {
  /// The window covers what some ten consumers hold at a time; 100,000 loaded messages are some 20
  /// MB.
  public static final QueueLimits STANDARD = new QueueLimits(1_024, 100_000);

  public QueueLimits {
    Checks.range("windowMessages", windowMessages, 1, 65_536);
    Checks.range("maxLoaded", maxLoaded, 1, 1 << 24);
  }
}
