package dev.weir.wire;

import io.netty.util.collection.IntObjectHashMap;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The streams of a connection by number. The client opens odd ones, the server even ones, each in
/// rising order, so that a number at or below the highest was open once and one above never.
///
/// Owned by the connection's event loop.
final class StreamTable {
  private final IntObjectHashMap<WireStream> streams = new IntObjectHashMap<>();
  private @Nullable WireStream latest;
  private int nextLocal;
  private int highestRemote;
  private final int remoteParity;

  StreamTable(boolean isClient) {
    nextLocal = isClient ? 1 : 2;
    remoteParity = isClient ? 0 : 1;
  }

  boolean isEmpty() {
    return streams.isEmpty();
  }

  /// Whether a number is one of those that the peer gives.
  boolean isRemote(int sid) {
    return (sid & 1) == remoteParity;
  }

  int size() {
    return streams.size();
  }

  /// The open stream of a number; null when there is none.
  @Nullable WireStream find(int sid) {
    WireStream known = latest;
    if (known != null && known.sid() == sid) {
      return known;
    }
    known = streams.get(sid);
    if (known != null) {
      latest = known;
    }
    return known;
  }

  /// Whether a number was in use before.
  boolean wasOpen(int sid) {
    return sid > 0 && ((sid & 1) == remoteParity ? sid <= highestRemote : sid < nextLocal);
  }

  /// Takes a stream of the peer's.
  ///
  /// @return false when its number is not one that the peer may use next
  boolean addRemote(int sid, WireStream stream) {
    if (sid <= 0 || (sid & 1) != remoteParity || sid <= highestRemote) {
      return false;
    }
    highestRemote = sid;
    streams.put(sid, stream);
    return true;
  }

  /// Whether this end has numbers left: a connection that ran out is to be replaced.
  boolean hasNumbers() {
    return nextLocal > 0;
  }

  int addLocal(WireStream stream) {
    int sid = nextLocal;
    nextLocal += 2;
    streams.put(sid, stream);
    return sid;
  }

  void remove(WireStream stream) {
    streams.remove(stream.sid());
    if (latest == stream) {
      latest = null;
    }
  }

  /// All open streams, apart from the table, so that callbacks may change it.
  List<WireStream> snapshot() {
    return new ArrayList<>(streams.values());
  }

  int highestRemote() {
    return highestRemote;
  }
}
