package dev.weir.wire;

import java.util.HashSet;
import java.util.Set;

/// Refuses the calls of one stream that begin beyond the client's lease, with all their parts.
///
/// Owned by the connection's event loop; allocates only for what it refuses.
final class CallAdmission {
  /// A client sends one message of a stream after the other; a router that joins many of them may
  /// have parts of so many under way.
  private static final int MAX_IN_PARTS = 1_024;

  private final WireStream stream;
  private final ReceiveLease lease;
  private final Set<Integer> inParts = new HashSet<>();

  CallAdmission(WireStream stream, ReceiveLease lease) {
    this.stream = stream;
    this.lease = lease;
  }

  /// Whether a frame of a call is to be dropped.
  ///
  /// @param isFirst whether its call begins with it
  boolean refuses(FrameView frame, boolean isFirst) {
    int mid = frame.mid();
    if (!isFirst) {
      return frame.hasMore() ? inParts.contains(mid) : inParts.remove(mid);
    }
    if (lease.admits(frame)) {
      return false;
    }
    stream.reply(mid, lease.refusal());
    if (frame.hasMore()) {
      inParts.add(mid);
      if (inParts.size() > MAX_IN_PARTS) {
        stream.abort(
            WireStatus.of(
                StatusCode.RESOURCE_EXHAUSTED, "Too many refused calls are still being sent."));
      }
    }
    return true;
  }
}
