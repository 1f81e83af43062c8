package dev.weir.broker.presence;

import dev.weir.broker.PresenceMember;
import dev.weir.broker.PresenceView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Who is present at which topic, and the sequence of changes. Pure.
///
/// A topic that nobody is at any more is forgotten; the newest sequence of all forgotten ones
/// stays, so that who asks about one is told that something may have been missed, and never the
/// contrary.
final class PresenceTable {
  /// One topic. It has members, or is watched.
  private static final class Room {
    private final Map<String, PresenceMember> members = new LinkedHashMap<>();
    private long sequence;
    private boolean isKept;

    Room(long sequence) {
      this.sequence = sequence;
    }
  }

  private final Map<String, Room> rooms = new TreeMap<>();
  private long sequence;
  private long forgotten;
  private int size;

  /// Members of all topics.
  int size() {
    return size;
  }

  int size(String topic) {
    Room room = rooms.get(topic);
    return room == null ? 0 : room.members.size();
  }

  @Nullable PresenceMember member(String topic, String name) {
    Room room = rooms.get(topic);
    return room == null ? null : room.members.get(name);
  }

  /// Of the last change at a topic; of the last one at any that is forgotten, where this one is.
  long sequence(String topic) {
    Room room = rooms.get(topic);
    return room == null ? forgotten : room.sequence;
  }

  long sequence() {
    return sequence;
  }

  /// The newest sequence of a topic without members.
  long forgotten() {
    long newest = forgotten;
    for (Room room : rooms.values()) {
      newest = room.members.isEmpty() ? Math.max(newest, room.sequence) : newest;
    }
    return newest;
  }

  /// Somebody watches a topic: its sequence is not forgotten, so that who watches sees each change
  /// follow the one before.
  void keep(String topic) {
    rooms.computeIfAbsent(topic, _ -> new Room(forgotten)).isKept = true;
  }

  /// Nobody watches it any more.
  void release(String topic) {
    Room room = rooms.get(topic);
    if (room != null) {
      room.isKept = false;
      forgetIfEmpty(topic, room);
    }
  }

  private void forgetIfEmpty(String topic, Room room) {
    if (room.members.isEmpty() && !room.isKept) {
      rooms.remove(topic);
      forgotten = Math.max(forgotten, room.sequence);
    }
  }

  PresenceView view(String topic, long since) {
    long current = sequence(topic);
    boolean hasMissed = since != current || since == 0;
    Room room = rooms.get(topic);
    List<PresenceMember> members =
        hasMissed && room != null ? new ArrayList<>(room.members.values()) : List.of();
    return new PresenceView(topic, current, hasMissed, members);
  }

  /// Makes somebody present, as it is from here on.
  ///
  /// @return the change's sequence
  long put(String topic, PresenceMember member) {
    put(topic, member, sequence + 1);
    return sequence;
  }

  void put(String topic, PresenceMember member, long newSequence) {
    Room room = rooms.computeIfAbsent(topic, _ -> new Room(0));
    size += room.members.put(member.name(), member) == null ? 1 : 0;
    room.sequence = newSequence;
    sequence = Math.max(sequence, newSequence);
  }

  /// Takes somebody away.
  ///
  /// @return the change's sequence
  long remove(String topic, String name) {
    remove(topic, name, sequence + 1);
    return sequence;
  }

  void remove(String topic, String name, long newSequence) {
    sequence = Math.max(sequence, newSequence);
    Room room = rooms.get(topic);
    if (room == null) {
      forgotten = Math.max(forgotten, newSequence);
      return;
    }
    size -= room.members.remove(name) == null ? 0 : 1;
    room.sequence = newSequence;
    forgetIfEmpty(topic, room);
  }

  /// The sequences of a state that is restored, before its members are.
  void head(long newSequence, long newForgotten) {
    sequence = newSequence;
    forgotten = newForgotten;
  }

  /// Called with each member and its topic's sequence.
  @FunctionalInterface
  interface Visitor {
    void member(String topic, long sequence, PresenceMember member);
  }

  void forEach(Visitor visitor) {
    rooms.forEach((topic, room) ->
        room.members.values().forEach(member -> visitor.member(topic, room.sequence, member)));
  }
}
