package dev.weir.edge.encoding;

import dev.weir.flow.LimitedBy;
import dev.weir.link.LinkState;
import dev.weir.link.LinkStats;

/// How many raw bytes fill a batch.
///
/// Problem: what is acked is a frame, and a window holds two of them at least. Over 40 Mbit/s a
/// frame of 256 KiB takes 50 ms, so its ack cannot come sooner than three times that, whatever the
/// window does. Idea: where the link is the bottleneck, a frame takes 10 ms of it.
///
/// What compresses is left alone: over that link batches of 120 KiB instead of 256 cost 12 % of the
/// rate (83 instead of 94 Mbit/s of seed-mix), which a thin link has less of than time. So is a
/// link that is not the bottleneck: there large batches cost less CPU.
///
/// Stepped with [EncodingDuty]; not thread-safe.
final class BatchSize {
  /// What a frame takes of the path.
  private static final double FRAME_SECONDS = 0.010;

  /// A frame's header and its commit stay small beside it.
  private static final int LEAST_BYTES = 64 << 10;

  /// From here on compression gains something.
  private static final double COMPRESSING = 1.1;

  /// How much a new look at the ratio counts.
  private static final double RATIO_GAIN = 0.25;

  /// A link that was not held back for so long is not the bottleneck.
  private static final long FREE_NANOS = 2_000_000_000L;

  private double ratio = 1;
  private long seenRawBytes;
  private long seenEncodedBytes;
  private long heldNanos;
  private boolean wasHeld;

  /// Takes a look.
  ///
  /// @param rawBytes encoded so far, before compression
  /// @param encodedBytes the same behind it
  /// @return raw bytes of a full batch at most; [Integer#MAX_VALUE] for as many as are configured
  int observe(long nowNanos, LinkStats link, long rawBytes, long encodedBytes) {
    if (encodedBytes > seenEncodedBytes) {
      double sample = (double) (rawBytes - seenRawBytes) / (encodedBytes - seenEncodedBytes);
      ratio = seenRawBytes == 0 ? sample : ratio + RATIO_GAIN * (sample - ratio);
      seenRawBytes = rawBytes;
      seenEncodedBytes = encodedBytes;
    }
    if (isHeldBack(link)) {
      heldNanos = nowNanos;
      wasHeld = true;
    }
    if (!wasHeld || nowNanos - heldNanos > FREE_NANOS || ratio > COMPRESSING) {
      return Integer.MAX_VALUE;
    }
    double bytes = link.path().bytesPerSecond() * FRAME_SECONDS;
    return (int) Math.clamp(bytes, LEAST_BYTES, Integer.MAX_VALUE);
  }

  /// Whether frames wait for the path.
  static boolean isHeldBack(LinkStats link) {
    return link.state() instanceof LinkState.Ready
        && link.inFlightFrames() > 0
        && (link.limitedBy() == LimitedBy.WINDOW || link.limitedBy() == LimitedBy.TRANSPORT);
  }
}
