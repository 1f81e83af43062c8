package dev.weir.client;

/// What a publisher does when its window is full. There is no silent drop.
public enum WhenFull {
  /// The publishing thread waits for room.
  BLOCK,
  /// The message is refused with WINDOW_FULL.
  FAIL
}
