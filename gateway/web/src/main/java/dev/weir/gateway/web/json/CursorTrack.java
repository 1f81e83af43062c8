package dev.weir.gateway.web.json;

import dev.weir.message.Cursor;
import dev.weir.message.Position;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Where a reader stands in each partition, message by message. One thread.
public final class CursorTrack {
  private record Partition(String stream, int number) {}

  private final Map<Partition, Position> next = new LinkedHashMap<>();

  public CursorTrack(Cursor start) {
    start.positions().forEach(this::stand);
  }

  private void stand(Position position) {
    next.put(new Partition(position.stream(), position.partition()), position);
  }

  /// The cursor behind what comes before an offset of a partition.
  public Cursor moveTo(String stream, int partition, long offset) {
    stand(new Position(stream, partition, offset));
    return cursor();
  }

  public Cursor cursor() {
    return new Cursor(List.copyOf(next.values()));
  }
}
