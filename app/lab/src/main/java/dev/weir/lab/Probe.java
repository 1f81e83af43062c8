package dev.weir.lab;

import java.io.IOException;
import java.time.Duration;

/// Measures a path from its two ends, without asking the lab.
interface Probe extends AutoCloseable {
  /// The middle round trip of many small packets over the idle path, in nanoseconds.
  long rttNanos(int count) throws IOException;

  /// What comes out at the far side while more is offered than fits, as bits a second.
  double bitsPerSecond(long offeredBitsPerSecond, Duration time) throws IOException;

  @Override
  void close();
}
