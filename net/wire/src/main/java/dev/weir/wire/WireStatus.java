package dev.weir.wire;

import dev.weir.base.WeirException;

/// How a call, a stream or a connection ended. The STATUS field of a frame holds the code in its
/// low 8 bits, bit 8 for retryable and bit 9 for unprocessed; the detail is the frame's body.
///
/// @param isRetryable trying again later may succeed
/// @param isUnprocessed nothing was done: trying again cannot do it twice
/// @param detail for a person, at most [#MAX_DETAIL_CHARS] are sent
public record WireStatus(
    StatusCode code, boolean isRetryable, boolean isUnprocessed, String detail) {
  public static final WireStatus OK = new WireStatus(StatusCode.OK, false, false, "");

  static final int MAX_DETAIL_CHARS = 1000;

  private static final int RETRYABLE = 1 << 8;
  private static final int UNPROCESSED = 1 << 9;

  public static WireStatus of(StatusCode code, String detail) {
    return new WireStatus(code, false, false, detail);
  }

  /// How a fault is told to a peer.
  public static WireStatus of(WeirException fault) {
    return of(ControlFrames.codeOf(fault.code()), fault.explanation());
  }

  /// A refusal before anything was done.
  public static WireStatus unprocessed(StatusCode code, String detail) {
    return new WireStatus(code, true, true, detail);
  }

  /// The same for something that was certainly not begun.
  WireStatus asUnprocessed() {
    return new WireStatus(code, true, true, detail);
  }

  static WireStatus ofBits(int bits, String detail) {
    return new WireStatus(
        StatusCode.of(bits & 0xff), (bits & RETRYABLE) != 0, (bits & UNPROCESSED) != 0, detail);
  }

  int bits() {
    return code.number() | (isRetryable ? RETRYABLE : 0) | (isUnprocessed ? UNPROCESSED : 0);
  }

  String shortDetail() {
    return detail.length() <= MAX_DETAIL_CHARS ? detail : detail.substring(0, MAX_DETAIL_CHARS);
  }

  public boolean isOk() {
    return code == StatusCode.OK;
  }
}
