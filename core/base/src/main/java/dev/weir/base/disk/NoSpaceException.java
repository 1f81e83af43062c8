package dev.weir.base.disk;

import java.io.IOException;

/// The disk is full (ENOSPC) or over quota (EDQUOT): the one write error that may pass by itself.
public final class NoSpaceException extends IOException {
  public NoSpaceException(String detail) {
    super(detail);
  }

  public NoSpaceException(String detail, Throwable cause) {
    super(detail, cause);
  }
}
