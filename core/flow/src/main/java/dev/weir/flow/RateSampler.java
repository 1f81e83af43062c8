package dev.weir.flow;

/// How fast the path delivers, one sample an ack.
///
/// Problem: acks of a group commit come in bursts, so bytes per time between two acks says nothing;
/// and a sender that has nothing to send measures itself. Idea: each frame remembers, from when it
/// was sent, how much had been delivered until then; its ack then tells what the path delivered in
/// between. Of the two times in which that happened, between the acks and between the sends, the
/// longer counts, so that neither a burst of acks nor a burst of sends looks like speed. A sample
/// over a time in which the sender paused for a reason of its own is marked.
///
/// Frames are found again by the time they were sent, not by counting, so that several lanes with
/// acks of their own share one sampler. Frames sent within 1/64 of a round trip share one mark, and
/// the marks are a ring: memory is fixed and nothing is allocated. A frame older than all marks
/// gives no sample.
///
/// Source: draft-cheng-iccrg-delivery-rate-estimation.
///
/// Owned by the thread that owns the link.
final class RateSampler {
  /// Eight round trips of marks.
  static final int MARKS = 512;

  private static final int MARKS_PER_RTT = 64;

  private final long[] sentNanos = new long[MARKS];
  private final long[] deliveredBytesThen = new long[MARKS];
  private final long[] deliveredNanosThen = new long[MARKS];
  private final long[] firstSentNanosThen = new long[MARKS];
  private final boolean[] isOwnPaceThen = new boolean[MARKS];
  private long markCount;
  private long spacingNanos;

  private long inFlightBytes;
  private long deliveredBytes;
  private long deliveredNanos;
  private long firstSentNanos;

  /// Until so much is delivered, samples tell the sender's own pace; 0 for none.
  private long ownPaceUntilBytes;

  private long roundEndBytes;
  private long round;
  private boolean isRoundOver;
  private double bytesPerSecond;
  private boolean isOwnPace;

  /// Forgets everything.
  void reset() {
    markCount = 0;
    spacingNanos = 0;
    inFlightBytes = 0;
    deliveredBytes = 0;
    ownPaceUntilBytes = 0;
    roundEndBytes = 0;
    isRoundOver = false;
    bytesPerSecond = 0;
  }

  void onSent(long nowNanos, long bytes) {
    if (inFlightBytes == 0) {
      firstSentNanos = nowNanos;
      deliveredNanos = nowNanos;
    }
    if (markCount == 0 || nowNanos - sentNanos[slot(markCount - 1)] >= Math.max(1, spacingNanos)) {
      mark(nowNanos);
    }
    inFlightBytes += bytes;
  }

  private void mark(long nowNanos) {
    int slot = slot(markCount++);
    sentNanos[slot] = nowNanos;
    deliveredBytesThen[slot] = deliveredBytes;
    deliveredNanosThen[slot] = deliveredNanos;
    firstSentNanosThen[slot] = firstSentNanos;
    isOwnPaceThen[slot] = ownPaceUntilBytes > 0;
  }

  /// The sender paused for a reason of its own: what is in flight does not fill the path.
  void onOwnPace() {
    ownPaceUntilBytes = Math.max(1, deliveredBytes + inFlightBytes);
  }

  /// Bytes left flight without having been delivered.
  void onTakenBack(long bytes) {
    inFlightBytes = Math.max(0, inFlightBytes - bytes);
  }

  /// Takes an ack; afterwards the sample can be asked for.
  ///
  /// @param rttNanos since the newest acked frame was sent
  void onAck(long nowNanos, long bytes, long rttNanos) {
    deliveredBytes += bytes;
    deliveredNanos = nowNanos;
    inFlightBytes = Math.max(0, inFlightBytes - bytes);
    if (ownPaceUntilBytes > 0 && deliveredBytes > ownPaceUntilBytes) {
      ownPaceUntilBytes = 0;
    }
    spacingNanos = rttNanos / MARKS_PER_RTT;
    isRoundOver = false;
    bytesPerSecond = 0;
    long sent = nowNanos - rttNanos;
    long found = newestUpTo(sent);
    if (found >= 0) {
      sample(nowNanos, slot(found));
    }
    firstSentNanos = Math.max(firstSentNanos, sent);
  }

  private void sample(long nowNanos, int slot) {
    long ackNanos = nowNanos - deliveredNanosThen[slot];
    long sendNanos = sentNanos[slot] - firstSentNanosThen[slot];
    long intervalNanos = Math.max(Math.max(ackNanos, sendNanos), 1);
    bytesPerSecond = (deliveredBytes - deliveredBytesThen[slot]) * 1e9 / intervalNanos;
    isOwnPace = isOwnPaceThen[slot];
    if (deliveredBytesThen[slot] >= roundEndBytes) {
      roundEndBytes = deliveredBytes;
      round++;
      isRoundOver = true;
    }
  }

  /// The newest mark that is not younger than a time, by binary search; -1 when there is none.
  private long newestUpTo(long nanos) {
    long low = Math.max(0, markCount - MARKS);
    long high = markCount - 1;
    long found = -1;
    while (low <= high) {
      long middle = (low + high) >>> 1;
      if (sentNanos[slot(middle)] - nanos <= 0) {
        found = middle;
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return found;
  }

  private static int slot(long mark) {
    return (int) mark & (MARKS - 1);
  }

  /// Bytes per second by the last ack; 0 when it gave no sample.
  double bytesPerSecond() {
    return bytesPerSecond;
  }

  /// Whether the last sample is of the sender's own pace, so that the path may be faster.
  boolean isOwnPace() {
    return isOwnPace;
  }

  /// Whether the last ack was the first for a frame sent after the round began.
  boolean isRoundOver() {
    return isRoundOver;
  }

  /// Rounds so far, one a round trip while there is something in flight.
  long round() {
    return round;
  }

  long inFlightBytes() {
    return inFlightBytes;
  }
}
