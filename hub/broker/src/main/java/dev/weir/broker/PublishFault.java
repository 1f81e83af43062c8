package dev.weir.broker;

import dev.weir.base.ErrorCode;

/// Tells a batch that can never be stored from one that may be sent again.
public final class PublishFault {
  private PublishFault() {}

  /// Whether sending the same batch again would fail again.
  public static boolean isFinal(ErrorCode code) {
    return code == ErrorCode.MALFORMED
        || code == ErrorCode.TOO_LARGE
        || code == ErrorCode.INVALID_TOPIC
        || code == ErrorCode.RETAINED_FULL
        || code == ErrorCode.DECOMPRESSION_REFUSED;
  }
}
