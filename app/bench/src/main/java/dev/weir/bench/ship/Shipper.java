package dev.weir.bench.ship;

/// A program that ships messages: takes each into a durable spool, sends it, sees it acked. One
/// thread offers.
interface Shipper extends AutoCloseable {
  /// Takes a message; waits while the spool is full.
  void offer(long number, byte[] body) throws InterruptedException;

  /// Waits until everything that was offered is acked as durable at the core.
  void awaitAcked() throws InterruptedException;

  /// Bytes of bodies that are durable at the core.
  long ackedBytes();

  AckTimes times();

  @Override
  void close();
}
