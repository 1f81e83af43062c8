package dev.weir.client;

/// What became of a publisher's messages since it was opened.
///
/// @param accepted messages taken into the window
/// @param acked those that are as durable as the server promises
/// @param failed those that the server will never take, or that were not acked before the end
public record PublisherTotals(long accepted, long acked, long failed) {
  /// Messages whose fate is open.
  public long unacked() {
    return accepted - acked - failed;
  }
}
