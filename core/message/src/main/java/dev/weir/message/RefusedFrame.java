package dev.weir.message;

import dev.weir.base.Checks;
import dev.weir.base.ErrorCode;

/// A frame that a core will never store.
///
/// @param sequence on its lane, from 1
/// @param code why
public record RefusedFrame(long sequence, ErrorCode code) {
  public RefusedFrame {
    Checks.range("sequence", sequence, 1, Long.MAX_VALUE - 1);
  }
}
