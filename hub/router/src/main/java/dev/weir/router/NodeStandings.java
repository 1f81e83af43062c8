package dev.weir.router;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.wire.StatusCode;
import dev.weir.wire.WireStatus;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Which storage nodes get no new calls, though they are connected, and why: what they say of
/// themselves, see [dev.weir.router.nodes]. Nodes that say nothing are in good standing.
///
/// A word counts for the connections that were there when it was spoken: who answers on a later one
/// may be another process, which speaks for itself.
///
/// Any thread; asked for every call.
public final class NodeStandings {
  private final Map<String, Standing> bad = new ConcurrentHashMap<>();

  /// @param isLeaving whether streams that are one node's as a whole belong elsewhere, too
  /// @param why what a call is told
  /// @param sinceNanos when it was said last, in [System#nanoTime]
  record Standing(boolean isLeaving, WireStatus why, long sinceNanos) {}

  /// The node drains: nothing new goes to it.
  public void leaving(String id, long nowNanos) {
    bad.put(id, new Standing(true, told("Storage node " + id + " is draining."), nowNanos));
  }

  /// The node takes no writes. What a call is, a router does not know, so reads are refused with
  /// them; watches go on.
  public void cannotStore(String id, String fault, long nowNanos) {
    WireStatus why = told("Storage node " + id + " cannot store: " + fault + ".");
    bad.put(id, new Standing(false, why, nowNanos));
  }

  /// The node takes calls, or nothing is known of it.
  public void good(String id) {
    bad.remove(id);
  }

  private static WireStatus told(String what) {
    return WireStatus.unprocessed(
        StatusCode.UNAVAILABLE, new WeirException(ErrorCode.NODE_SET_ASIDE, what).explanation());
  }

  /// What is said against a node; null for nothing.
  @Nullable Standing lastWord(StorageNode node) {
    return bad.get(node.id());
  }

  /// What is said against a node on a connection that was made at some time; null for nothing.
  @Nullable Standing of(StorageNode node, long connectedNanos) {
    if (bad.isEmpty()) {
      return null;
    }
    Standing said = bad.get(node.id());
    return said == null || connectedNanos - said.sinceNanos() > 0 ? null : said;
  }
}
