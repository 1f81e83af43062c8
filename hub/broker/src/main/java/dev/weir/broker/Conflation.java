package dev.weir.broker;

import dev.weir.base.Bytes;
import dev.weir.message.Message;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A part of the stream of which only the newest message of each topic and key is wanted.
///
/// Problem: a log cannot be read backwards, and a table of all keys would cost memory for each slow
/// subscription. Idea: read ahead through a bounded window and keep the newest of each key in it;
/// the further behind a subscription is, the more falls out of each window. What is read is not
/// kept longer than the delivery: a subscription that waits holds nothing.
///
/// Runs on the subscription's thread.
final class Conflation {
  /// At 100 bytes a remembered message half a megabyte while it is read.
  private static final int MAX_MESSAGES = 8_192;

  private static final long MAX_BYTES = 4L << 20;

  private record Name(String topic, Bytes key) {}

  private record Place(Selection selection, int index) {
    long offset() {
      return selection.offset(index);
    }
  }

  private final Map<Name, Place> newest = new HashMap<>();
  private final List<Long> offsets = new ArrayList<>();
  private long endOffset;

  private Conflation() {}

  /// Reads a window from a selection on; the reading stands behind it then.
  static Conflation read(Selection first, PartitionReading reading)
      throws IOException, InterruptedException {
    Conflation window = new Conflation();
    long bytes = 0;
    @Nullable Selection next = first;
    while (next != null && window.offsets.size() < MAX_MESSAGES && bytes < MAX_BYTES) {
      window.add(next);
      bytes += next.stored().batch().rawLength();
      reading.delivered(next.stored().endOffset());
      window.endOffset = reading.position();
      next = reading.next();
    }
    return window;
  }

  private void add(Selection selection) {
    for (int i = 0; i < selection.size(); i++) {
      Message message = selection.message(i);
      newest.put(new Name(message.topic(), message.key()), new Place(selection, i));
      offsets.add(selection.offset(i));
    }
  }

  /// Where it ends.
  long endOffset() {
    return endOffset;
  }

  /// Where a subscription stands after so many of the kept messages.
  long endAfter(int count) {
    return count >= newest.size() ? endOffset : kept().get(count - 1).offset() + 1;
  }

  /// How many messages before an offset are left out.
  int leftOutBefore(long offset, int kept) {
    int before = 0;
    for (long each : offsets) {
      before += each < offset ? 1 : 0;
    }
    return before - kept;
  }

  int size() {
    return newest.size();
  }

  /// The kept messages, at most so many, in order.
  List<Selection> selections(int max) {
    Map<Selection, TreeMap<Long, Integer>> chosen = new LinkedHashMap<>();
    for (Place place : kept().subList(0, Math.min(max, size()))) {
      chosen
          .computeIfAbsent(place.selection(), _ -> new TreeMap<>())
          .put(place.offset(), place.index());
    }
    List<Selection> selections = new ArrayList<>();
    chosen.forEach((selection, places) ->
        selections.add(
            selection.only(places.values().stream().mapToInt(Integer::intValue).toArray())));
    return selections;
  }

  private List<Place> kept() {
    List<Place> kept = new ArrayList<>(newest.values());
    kept.sort(Comparator.comparingLong(Place::offset));
    return kept;
  }
}
