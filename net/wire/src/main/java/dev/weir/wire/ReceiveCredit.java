package dev.weir.wire;

/// What one end allows its peer to send on a stream or a connection, as an absolute limit.
///
/// ```
///  0 ....... consumed ....... received ........ limit
///            |---- held -----|-- on its way or unused --|
///            |------------- window ---------------------|
/// ```
///
/// Limits are announced once a quarter of the window is owed: four updates a window keep a sender
/// moving, fewer stall it and more cost frames. A message that announced its length is granted as a
/// whole, or one larger than the window could never be put together; but nothing beyond it, or each
/// message would bring the next one in. So `window` and one message are held at most.
///
/// Invariants: `consumed <= received <= limit` for an honest peer; the limit never falls.
///
/// Owned by the connection's event loop; allocates nothing.
final class ReceiveCredit {
  private static final int WORTHWHILE_DIVISOR = 4;

  /// What each part costs beside its body: a sender that lacks a byte of it for the last part would
  /// wait for ever.
  private static final int AROUND_BYTES = FrameHeader.BYTES + FrameCrc.BYTES;

  private long window;
  private long received;
  private long consumed;
  private long announcedEnd;
  private long limit;

  /// @param window bytes that may be held, from the configuration
  /// @param limit what the peer may send before it hears of any other limit
  ReceiveCredit(long window, long limit) {
    this.window = window;
    this.limit = limit;
  }

  /// Counts a frame that arrived.
  ///
  /// @return whether the peer was allowed to send it
  boolean onReceived(int bytes) {
    received += bytes;
    return received <= limit;
  }

  /// Counts bytes that are no longer held; more than are held count as those.
  void onConsumed(long bytes) {
    consumed = Math.min(received, consumed + bytes);
  }

  /// A part of an announced message came; so many bytes of it are missing, in frames of this size
  /// if the peer has the credit for them. One that cuts smaller gets a little more with each part.
  void onPart(long missingBytes, int maxFrameBytes) {
    long frames = 1 + missingBytes / maxFrameBytes;
    announcedEnd = Math.max(announcedEnd, received + missingBytes + frames * AROUND_BYTES);
  }

  /// Replies in parts may have others between them, each frame of which takes credit from the rest:
  /// room for one more is kept, or that one could stand before the rest for ever. Replies are given
  /// back as they are delivered, so they bring nothing in but what was asked for.
  void onReplyPart(long missingBytes, int maxFrameBytes) {
    onPart(missingBytes, maxFrameBytes);
    long frames = 1 + missingBytes / maxFrameBytes;
    long needed = received + missingBytes + frames * AROUND_BYTES;
    long frame = (long) maxFrameBytes + AROUND_BYTES;
    if (needed + frame > announcedEnd) {
      announcedEnd = needed + 2 * frame;
    }
  }

  private long target() {
    return Math.max(consumed + window, announcedEnd);
  }

  boolean isGrantDue() {
    return announcedEnd > limit || target() - limit >= window / WORTHWHILE_DIVISOR;
  }

  /// Raises the limit as far as the window allows and gives it.
  long grant() {
    limit = Math.max(limit, target());
    return limit;
  }

  void resize(long newWindow) {
    window = newWindow;
  }

  /// What the peer may still send.
  long room() {
    return limit - received;
  }

  long received() {
    return received;
  }

  long limit() {
    return limit;
  }
}
