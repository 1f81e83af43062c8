package dev.weir.rpc;

import dev.weir.base.ByteSize;
import dev.weir.wire.WireContext;

/// What the wire must allow for what gRPC's builders ask.
final class Limits {
  /// What stands before a message: flags and metadata.
  private static final int OVERHEAD_BYTES = 128 << 10;

  private static final long MOST_BYTES = 1L << 30;

  private Limits() {}

  /// A context whose messages may be as large.
  static WireContext holding(WireContext context, int messageBytes) {
    long needed = Math.min(MOST_BYTES, (long) messageBytes + OVERHEAD_BYTES);
    boolean isEnough = context.limits().message().bytes() >= needed;
    return isEnough ? context : context.with(context.limits().withMessage(new ByteSize(needed)));
  }
}
