package dev.weir.bench.ops;

import io.netty.channel.EventLoop;

/// One connection to what is measured, and one way to make operations on it. Owned by its loop.
interface Caller extends AutoCloseable {
  EventLoop loop();

  /// Whoever is told of each operation from now on; never with operations under way. On the loop.
  void tell(Outcome outcome);

  /// Begins an operation. On the loop; may tell a failure at once, never a success.
  void call(long tag);

  @Override
  void close();
}
