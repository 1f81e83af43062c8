package dev.weir.router;

import dev.weir.base.ByteSize;
import dev.weir.base.Checks;
import dev.weir.flow.Backoff;

/// What a router keeps at most.
///
/// @param calls of one client stream that wait for an answer, 1 to 1,048,576
/// @param heldPerNode bytes of one client stream that wait for one node before calls to that node
///   are refused, 64 KiB to 1 GiB; less than a stream's window, so that other nodes keep their part
/// @param unreadReplies bytes of refusals that one client stream leaves unread before it is closed,
///   64 KiB to 1 GiB
/// @param backoff between attempts to reach a node
public record RouterLimits(
    int calls, ByteSize heldPerNode, ByteSize unreadReplies, Backoff backoff) {
  /// Half of wire's standard stream window may wait for one node.
  public static final RouterLimits STANDARD =
      new RouterLimits(
          1 << 16, ByteSize.ofKibibytes(512), ByteSize.ofMebibytes(2), Backoff.STANDARD);

  public RouterLimits {
    Checks.range("calls", calls, 1, 1 << 20);
    Checks.range("heldPerNode", heldPerNode.bytes(), 64 << 10, 1 << 30);
    Checks.range("unreadReplies", unreadReplies.bytes(), 64 << 10, 1 << 30);
  }
}
