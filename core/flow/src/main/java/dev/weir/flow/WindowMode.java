package dev.weir.flow;

/// How a link bounds what it has in flight.
public enum WindowMode {
  /// As the path and the core allow, up to so many bytes.
  AUTO,
  /// So many bytes.
  FIXED;

  /// A window of this mode.
  ///
  /// @param bytes the most that it allows, or what it always allows; 64 KiB or more
  /// @param counters of the process
  public Window window(long bytes, FlowCounters counters) {
    return switch (this) {
      case AUTO -> new AdaptiveWindow(bytes, counters.windowGain());
      case FIXED -> new FixedWindow(bytes);
    };
  }
}
