package dev.weir.router;

import dev.weir.base.Bytes;
import dev.weir.base.Checks;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which storage node keeps which slot: a key's hash modulo 16,384 is its slot. A newer map has a
/// higher version.
///
/// @param version 1 or more
/// @param nodes at most 255
/// @param owners for each slot the index of its node, [#NONE] for none
public record SlotMap(long version, List<StorageNode> nodes, Bytes owners) {
  /// Enough to move shares of a hundredth of a node's keys among 100 nodes.
  public static final int SLOTS = 1 << 14;

  /// The owner of a slot that no node keeps.
  static final int NONE = 0xff;

  private static final int MAX_NODES = 255;

  private static final long FNV_BASIS = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  public SlotMap {
    nodes = List.copyOf(nodes);
    Checks.range("version", version, 1, Long.MAX_VALUE);
    Checks.range("nodes", nodes.size(), 0, MAX_NODES);
    Checks.range("slots", owners.length(), SLOTS, SLOTS);
    for (int slot = 0; slot < SLOTS; slot++) {
      int owner = owners.at(slot) & 0xff;
      Checks.argument(
          owner == NONE || owner < nodes.size(), "slot " + slot + " has owner " + owner);
    }
    long ids = nodes.stream().map(StorageNode::id).distinct().count();
    Checks.argument(ids == nodes.size(), "two nodes of " + nodes + " have one id");
  }

  /// A first map that spreads the slots evenly.
  public static SlotMap even(List<StorageNode> nodes) {
    return even(1, nodes);
  }

  /// A map that spreads the slots evenly.
  public static SlotMap even(long version, List<StorageNode> nodes) {
    Checks.range("nodes", nodes.size(), 1, MAX_NODES);
    byte[] owners = new byte[SLOTS];
    for (int slot = 0; slot < SLOTS; slot++) {
      owners[slot] = (byte) ((long) slot * nodes.size() / SLOTS);
    }
    return new SlotMap(version, nodes, Bytes.wrap(owners));
  }

  public static int slotOf(long route) {
    return (int) (route & (SLOTS - 1));
  }

  /// The index of a route's node, or [#NONE].
  int ownerOf(long route) {
    return owners.at(slotOf(route)) & 0xff;
  }

  /// The node of a route; null when none keeps its slot.
  public @Nullable StorageNode nodeOf(long route) {
    int owner = ownerOf(route);
    return owner == NONE ? null : nodes.get(owner);
  }

  /// The next version, in which a node keeps the slots `[fromSlot, toSlot)`; nodes without a slot
  /// are left out.
  public SlotMap move(int fromSlot, int toSlot, StorageNode to) {
    Checks.range("fromSlot", fromSlot, 0, SLOTS);
    Checks.range("toSlot", toSlot, fromSlot, SLOTS);
    List<StorageNode> all = new ArrayList<>(nodes);
    if (!all.contains(to)) {
      all.add(to);
    }
    byte[] moved = owners.toArray();
    Arrays.fill(moved, fromSlot, toSlot, (byte) all.indexOf(to));
    return compacted(version + 1, all, moved);
  }

  private static SlotMap compacted(long version, List<StorageNode> all, byte[] owners) {
    List<StorageNode> used = new ArrayList<>();
    byte[] renumbered = new byte[SLOTS];
    for (int slot = 0; slot < SLOTS; slot++) {
      int owner = owners[slot] & 0xff;
      if (owner == NONE) {
        renumbered[slot] = (byte) NONE;
        continue;
      }
      StorageNode node = all.get(owner);
      if (!used.contains(node)) {
        used.add(node);
      }
      renumbered[slot] = (byte) used.indexOf(node);
    }
    return new SlotMap(version, used, Bytes.wrap(renumbered));
  }

  /// The slots that a node keeps; none of one that is not in the map.
  public SlotSet slotsOf(StorageNode node) {
    int owner = nodes.indexOf(node);
    byte[] bits = new byte[SlotSet.BYTES];
    for (int slot = 0; slot < SLOTS; slot++) {
      if (owner >= 0 && (owners.at(slot) & 0xff) == owner) {
        bits[slot >>> 3] |= (byte) (1 << (slot & 7));
      }
    }
    return new SlotSet(Bytes.wrap(bits));
  }

  /// A hash of which node keeps which slot, by the nodes' ids: two routers whose maps have one
  /// version and another hash do not mean the same. FNV-1a of 64 bits over the ids in their order,
  /// a zero byte behind each, and for each slot the place of its node's id among them. Addresses do
  /// not count: a node may be reached by several.
  public long fingerprint() {
    List<String> ids = nodes.stream().map(StorageNode::id).sorted().toList();
    long hash = FNV_BASIS;
    for (String id : ids) {
      for (byte b : id.getBytes(StandardCharsets.UTF_8)) {
        hash = (hash ^ (b & 0xff)) * FNV_PRIME;
      }
      hash *= FNV_PRIME;
    }
    int[] places = nodes.stream().mapToInt(node -> ids.indexOf(node.id())).toArray();
    for (int slot = 0; slot < SLOTS; slot++) {
      int owner = owners.at(slot) & 0xff;
      hash = (hash ^ (owner == NONE ? NONE : places[owner])) * FNV_PRIME;
    }
    return hash;
  }

  /// One route to each node.
  List<Long> routes() {
    List<Long> routes = new ArrayList<>();
    for (int owner = 0; owner < nodes.size(); owner++) {
      for (int slot = 0; slot < SLOTS; slot++) {
        if (ownerOf(slot) == owner) {
          routes.add((long) slot);
          break;
        }
      }
    }
    return routes;
  }
}
