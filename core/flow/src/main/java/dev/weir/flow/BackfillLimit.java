package dev.weir.flow;

/// What the past may have in flight, so that a fresh frame does not wait behind megabytes of it.
///
/// Problem: a frame that goes first still queues behind every byte that is on its way, and a window
/// wide enough for any path is seconds of a slow one. A fixed part of the window would be too much
/// there, and too little where the window just fits the path. Idea: as much as the path delivers in
/// a time that a reader of fresh data does not mind, at least two of its shortest ack times, which
/// keeps it busy, and at least the past's share of the window.
///
/// ```
///   limit = min(window, max(share of the window, rate × time))
///   time  = max(0.5 s, min(2 × shortest ack, max(1 s, 1.25 × shortest ack)))
/// ```
///
/// It cannot starve itself: with nothing queued anywhere the rate that it allows is at least a
/// quarter more than the one measured, so it grows until the path or the window is the bound, also
/// when the window follows the rate in turn ([AdaptiveWindow]). A single frame is always allowed.
///
/// Owned by the thread that owns the link; allocates nothing.
public final class BackfillLimit {
  /// 500 ms: with a linger of 200 ms and a commit, fresh data are acked within one second.
  public static final long MIN_NANOS = 500_000_000L;

  /// 1 s: half of the two seconds within which fresh data are to be acked; exceeded where the path
  /// alone takes longer.
  public static final long MAX_NANOS = 1_000_000_000L;

  private final int percent;
  private long shortestAckNanos;

  /// @param percent the past's share of the window, 1 to 90
  public BackfillLimit(int percent) {
    this.percent = percent;
    onSession();
  }

  /// A new session began, perhaps on another path.
  public void onSession() {
    shortestAckNanos = Long.MAX_VALUE;
  }

  /// An ack came.
  ///
  /// @param ackNanos from sending the newest acked frame to its ack
  public void onAck(long ackNanos) {
    shortestAckNanos = Math.min(shortestAckNanos, Math.max(0, ackNanos));
  }

  /// The limit in bytes.
  ///
  /// @param windowBytes what may be in flight of everything
  /// @param bytesPerSecond what the path delivered of late
  public long bytes(long windowBytes, long bytesPerSecond) {
    double delivered = bytesPerSecond * (nanos() / 1e9);
    return Math.min(windowBytes, Math.max(windowBytes / 100 * percent, (long) delivered));
  }

  private double nanos() {
    double most = Math.max(MAX_NANOS, 1.25 * shortestAckNanos);
    return Math.max(MIN_NANOS, Math.min(2.0 * shortestAckNanos, most));
  }

  /// Whether a frame of the past may go.
  ///
  /// @param inFlightBytes of the past
  /// @param frameBytes header and payload of the frame
  public boolean admits(
      long inFlightBytes, long frameBytes, long windowBytes, long bytesPerSecond) {
    return inFlightBytes == 0 || inFlightBytes + frameBytes <= bytes(windowBytes, bytesPerSecond);
  }
}
