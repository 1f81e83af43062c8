package dev.weir.router.nodes;

import dev.weir.base.Checks;
import dev.weir.router.SlotSet;

/// What a router tells a storage node, again and again.
///
/// @param router what the router calls itself, 1 to [#MAX_NAME_BYTES] bytes of UTF-8
/// @param start drawn when the router's process started: tells two of one name apart
/// @param mapVersion of the map that it goes by, 1 or more
/// @param mapHash [dev.weir.router.SlotMap#fingerprint]
/// @param node what the map calls the storage node, bytes as above
/// @param slots whose calls the router sends there
/// @param periodMillis when it will be told again, [#MIN_PERIOD_MILLIS] to [#MAX_PERIOD_MILLIS]
public record Announcement(
    String router,
    long start,
    long mapVersion,
    long mapHash,
    String node,
    SlotSet slots,
    int periodMillis) {
  /// A host's name and port, and more.
  public static final int MAX_NAME_BYTES = 255;

  public static final int MIN_PERIOD_MILLIS = 50;
  public static final int MAX_PERIOD_MILLIS = 60_000;

  public Announcement {
    NodeCodec.checkName("router", router);
    NodeCodec.checkName("node", node);
    Checks.range("mapVersion", mapVersion, 1, Long.MAX_VALUE);
    Checks.range("periodMillis", periodMillis, MIN_PERIOD_MILLIS, MAX_PERIOD_MILLIS);
  }

  /// Whether two routers mean the same for the storage node: they go by one map, and take it for
  /// the same node of it.
  boolean isOfSameMap(Announcement other) {
    return mapVersion == other.mapVersion && mapHash == other.mapHash && node.equals(other.node);
  }
}
