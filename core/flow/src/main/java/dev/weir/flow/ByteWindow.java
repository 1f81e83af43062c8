package dev.weir.flow;

import dev.weir.base.Checks;

/// What one session of a sender has in flight, and whether the next frame may go.
///
/// Everything is an absolute position in the bytes of the session, counted from its welcome:
///
///     0 ........ settled ........ sent ........ credit limit
///                |-- in flight --|-- may be begun --|
///
/// A frame sent again counts again, on both sides, so the receiver's count of what arrived and this
/// one never drift apart; what a nack took back counts as settled without having been acked.
///
/// Two rules decide. Credit: a frame may begin while any credit is left, so it may end up to one
/// frame behind the limit; with that a credit smaller than a frame cannot lock the link. Window: a
/// frame goes when it fits, or when nothing is in flight.
///
/// Owned by the thread that owns the link; allocates nothing but what [#takeLimits] and [#figures]
/// answer.
public final class ByteWindow {
  private final Window window;
  private long sentBytes;
  private long settledBytes;
  private long creditLimitBytes;
  private final LimitClock limits = new LimitClock();
  private LimitedBy limitedBy = LimitedBy.SPOOL;

  public ByteWindow(Window window) {
    this.window = window;
  }

  /// Begins a session at position 0 with the welcome's credit; whatever was in flight is forgotten.
  public void onSession(long welcomeCreditBytes) {
    sentBytes = 0;
    settledBytes = 0;
    creditLimitBytes = Math.max(0, welcomeCreditBytes);
    limitedBy = LimitedBy.SPOOL;
    limits.onSessionEnd();
    window.onSession();
  }

  /// The session is over: nothing may be sent until the next one.
  public void onSessionEnd() {
    limits.onSessionEnd();
  }

  /// Whether a frame may be sent now; if not, [#limitedBy] says why.
  ///
  /// @param frameBytes header and payload of the frame
  public boolean admits(long nowNanos, long frameBytes) {
    if (sentBytes >= creditLimitBytes) {
      onLimited(nowNanos, LimitedBy.CREDIT);
      return false;
    }
    long inFlightBytes = inFlightBytes();
    if (inFlightBytes > 0 && inFlightBytes + frameBytes > window.limitBytes()) {
      onLimited(nowNanos, LimitedBy.WINDOW);
      return false;
    }
    return true;
  }

  /// Notes that sending paused for a reason that only the owner sees: transport, spool or CPU.
  public void onLimited(long nowNanos, LimitedBy reason) {
    limitedBy = reason;
    limits.onLimited(nowNanos, reason);
    window.onLimited(nowNanos, reason);
  }

  /// The owner's thread begins to work: until it waits, the CPU is what holds sending back.
  public void onWork(long nowNanos) {
    limits.onWork(nowNanos);
  }

  /// The owner's thread waits: what last stopped it is what holds sending back.
  public void onWait(long nowNanos) {
    limits.onWait(nowNanos);
  }

  /// A frame that was admitted went out.
  public void onSent(long nowNanos, long frameBytes) {
    sentBytes += Checks.range("frameBytes", frameBytes, 1, Integer.MAX_VALUE);
    window.onSent(nowNanos, frameBytes);
  }

  /// An ack settled bytes; the parameters are those of [Window#onAck].
  public void onAck(long nowNanos, long bytes, long rttNanos, long commitMicros, long queueMicros) {
    settle(bytes);
    window.onAck(nowNanos, bytes, rttNanos, commitMicros, queueMicros);
  }

  /// A nack took bytes out of flight; they will be sent again and count again.
  public void onTakenBack(long bytes) {
    settle(bytes);
    window.onTakenBack(bytes);
  }

  private void settle(long bytes) {
    Checks.state(
        bytes >= 0 && bytes <= inFlightBytes(), "more bytes were settled than were in flight");
    settledBytes += bytes;
  }

  /// Takes a grant. Grants only grow, so a late or repeated one changes nothing.
  ///
  /// @return whether the limit rose
  public boolean onCredit(long limitBytes) {
    if (limitBytes <= creditLimitBytes) {
      return false;
    }
    creditLimitBytes = limitBytes;
    return true;
  }

  /// Gives up the credit that is left, after the receiver refused frames for want of room: nothing
  /// goes out until a fresh grant comes.
  public void dropCredit() {
    creditLimitBytes = Math.min(creditLimitBytes, sentBytes);
  }

  /// Sent and neither acked nor taken back, never negative.
  public long inFlightBytes() {
    return sentBytes - settledBytes;
  }

  /// Sent in this session, again and again counted.
  public long sentBytes() {
    return sentBytes;
  }

  /// Acked or taken back in this session.
  public long settledBytes() {
    return settledBytes;
  }

  /// The position at which no further frame may begin.
  public long creditLimitBytes() {
    return creditLimitBytes;
  }

  /// The window's own limit on what is in flight.
  public long windowBytes() {
    return window.limitBytes();
  }

  /// Why nothing more went out when sending last paused.
  public LimitedBy limitedBy() {
    return limitedBy;
  }

  /// What held sending back since this was last asked.
  public LimitShares takeLimits(long nowNanos) {
    return limits.take(nowNanos);
  }

  /// What the window measured of the path.
  public PathFigures figures() {
    return window.figures();
  }
}
