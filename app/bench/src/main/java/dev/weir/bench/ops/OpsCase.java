package dev.weir.bench.ops;

/// One line of the table.
///
/// @param way how operations are made
/// @param isRouted through a router
/// @param bytes of a body
/// @param inFlight under way at once; 0 for an open loop
/// @param perSecond of an open loop; 0 for a closed one
record OpsCase(OpsWay way, boolean isRouted, int bytes, int inFlight, int perSecond) {
  static final String ROUTED = "routed";

  /// As rows are named.
  String mode() {
    return String.join(" ", way.label(), path(), bytes + " B", load());
  }

  String path() {
    return switch (way) {
      case NATS -> ROUTED;
      default -> isRouted ? ROUTED : "direct";
    };
  }

  String load() {
    return perSecond > 0 ? "at " + perSecond + "/s" : inFlight + " in flight";
  }

  OpsCase of(OpsWay other) {
    return new OpsCase(other, isRouted, bytes, inFlight, perSecond);
  }
}
