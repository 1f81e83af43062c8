package dev.weir.router;

import dev.weir.wire.StatusCode;
import dev.weir.wire.WireStatus;

/// What a router itself says of a call.
final class RouterStatus {
  static final WireStatus NO_ROUTE =
      WireStatus.of(
          StatusCode.INVALID_ARGUMENT, "The call names no route: send it with its key's hash.");
  static final WireStatus LATE =
      WireStatus.unprocessed(StatusCode.DEADLINE_EXCEEDED, "The call came too late.");
  static final WireStatus EXPIRED =
      WireStatus.of(StatusCode.DEADLINE_EXCEEDED, "No answer came in time.");
  static final WireStatus CANCELLED =
      WireStatus.of(StatusCode.CANCELLED, "The call was cancelled.");
  static final WireStatus TOO_MANY =
      WireStatus.unprocessed(StatusCode.RESOURCE_EXHAUSTED, "Too many calls of the stream wait.");
  static final WireStatus CLIENT_GONE = WireStatus.of(StatusCode.CANCELLED, "The client is gone.");
  static final WireStatus MOVED =
      WireStatus.unprocessed(StatusCode.UNAVAILABLE, "The slot moved to another node.");

  private RouterStatus() {}

  /// Whether a node has ended a stream for what its client is, and would do so again.
  static boolean isRefusal(WireStatus status) {
    return switch (status.code()) {
      case UNAUTHENTICATED, PERMISSION_DENIED, UNIMPLEMENTED -> true;
      default -> false;
    };
  }

  static WireStatus noNode(long route, long version) {
    return WireStatus.unprocessed(
        StatusCode.UNAVAILABLE,
        "No node keeps slot " + SlotMap.slotOf(route) + " in version " + version + " of the map.");
  }

  static WireStatus away(StorageNode node) {
    return WireStatus.unprocessed(
        StatusCode.UNAVAILABLE, "Storage node " + node.id() + " is not connected.");
  }

  static WireStatus full(StorageNode node) {
    return WireStatus.unprocessed(
        StatusCode.RESOURCE_EXHAUSTED, "Storage node " + node.id() + " does not keep up.");
  }

  static WireStatus draining(StorageNode node) {
    return WireStatus.unprocessed(
        StatusCode.UNAVAILABLE, "Storage node " + node.id() + " is draining.");
  }

  /// A node was lost with calls under way.
  ///
  /// @param wasSent whether the node may have done the call
  static WireStatus lost(StorageNode node, boolean wasSent) {
    return new WireStatus(
        StatusCode.UNAVAILABLE, true, !wasSent, "Storage node " + node.id() + " was lost.");
  }
}
