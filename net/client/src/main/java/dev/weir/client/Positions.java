package dev.weir.client;

import dev.weir.message.Cursor;
import dev.weir.message.Position;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Where a subscription stands in each partition: the next offset that it has not received. Guarded
/// by its feed's lock.
final class Positions {
  private record Partition(String stream, int number) {}

  private final Map<Partition, Long> next = new LinkedHashMap<>();

  /// Begins where the server says that the subscription does; what is known already stays.
  void begin(Cursor cursor) {
    for (Position position : cursor.positions()) {
      next.putIfAbsent(new Partition(position.stream(), position.partition()), position.offset());
    }
  }

  /// The next offset wanted in a partition; 0 when nothing is known of it.
  long next(String stream, int partition) {
    return next.getOrDefault(new Partition(stream, partition), 0L);
  }

  void advance(Position position) {
    next.merge(
        new Partition(position.stream(), position.partition()), position.offset(), Math::max);
  }

  boolean isEmpty() {
    return next.isEmpty();
  }

  Cursor cursor() {
    return new Cursor(all());
  }

  /// Every position but that of one partition.
  List<Position> elsewhere(String stream, int partition) {
    if (next.size() <= 1) {
      return List.of();
    }
    List<Position> others = new ArrayList<>(all());
    others.removeIf(p -> p.stream().equals(stream) && p.partition() == partition);
    return List.copyOf(others);
  }

  List<Position> all() {
    List<Position> positions = new ArrayList<>(next.size());
    next.forEach((partition, offset) ->
        positions.add(new Position(partition.stream(), partition.number(), offset)));
    return positions;
  }
}
