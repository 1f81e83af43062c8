package dev.weir.broker;

import dev.weir.base.WeirException;
import dev.weir.message.TopicFilter;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Finds where the last n matching messages begin.
///
/// Problem: a log is read forwards, and how far back n matches lie is not known. Idea: look through
/// the last n messages, then through four times as many before those, and so on, until n matches
/// are found or the beginning is reached: at most four times more is read than must be, and the
/// log's topic index passes over what does not match. Several partitions are merged by the time at
/// which the batches were stored.
final class LastMessages {
  private static final int GROWTH = 4;
  private static final long SMALLEST_STEP = 1_024;

  private final Engine engine;
  private final List<TopicFilter> filters;
  private final BooleanSupplier isCancelled;

  /// Matching messages of one batch.
  private record Run(
      int partition, long storedMicros, long batchOffset, long firstOffset, int size) {}

  /// Runs of one partition from an offset on, oldest first.
  private record Window(long fromOffset, Deque<Run> runs, long size) {}

  LastMessages(Engine engine, List<TopicFilter> filters, BooleanSupplier isCancelled) {
    this.engine = engine;
    this.filters = filters;
    this.isCancelled = isCancelled;
  }

  /// The offset of the first of them in each partition; the end where there is none.
  long[] find(long count, long[] ends) throws IOException {
    List<Run> runs = new ArrayList<>();
    for (int i = 0; i < ends.length; i++) {
      collect(i, count, ends[i], runs);
    }
    runs.sort(
        Comparator.comparingLong(Run::storedMicros).thenComparingLong(Run::firstOffset).reversed());
    long[] found = ends.clone();
    long left = count;
    for (Run run : runs) {
      if (left <= 0) {
        break;
      }
      found[run.partition()] = left >= run.size() ? run.firstOffset() : inside(run, (int) left);
      left -= run.size();
    }
    return found;
  }

  /// Adds the last runs of a partition that together hold `count` messages, if there are so many.
  private void collect(int partition, long count, long end, List<Run> runs) throws IOException {
    long first = engine.firstOffset(partition);
    long upper = end;
    long step = Math.max(count, SMALLEST_STEP);
    long found = 0;
    while (found < count && upper > first && !isCancelled.getAsBoolean()) {
      Window window = look(partition, Math.max(first, upper - step), upper, count - found);
      runs.addAll(window.runs());
      found += window.size();
      upper = window.fromOffset();
      step = Math.min(step * GROWTH, Long.MAX_VALUE / GROWTH);
    }
  }

  /// Looks through a window, widened to where its first batch begins.
  private Window look(int partition, long from, long to, long wanted) throws IOException {
    Deque<Run> runs = new ArrayDeque<>();
    long size = 0;
    long start = from;
    try (EngineReader reader = engine.reader(partition, from, this::isWanted)) {
      StoredEvent event = reader.next();
      while (event != null && !isCancelled.getAsBoolean()) {
        if (event instanceof StoredBatch batch) {
          if (batch.baseOffset() >= to) {
            break;
          }
          start = Math.min(start, batch.baseOffset());
          Run run = run(batch);
          runs.add(run);
          size += run.size();
          while (size - runs.getFirst().size() >= wanted) {
            size -= runs.removeFirst().size();
          }
        }
        event = reader.next();
      }
    }
    return new Window(start, runs, size);
  }

  private boolean isWanted(String topic) {
    return SharedBatch.matches(filters, topic);
  }

  private Run run(StoredBatch batch) {
    Selection selection = select(batch);
    int size = selection == null ? 0 : selection.size();
    long first = selection == null || size == 0 ? batch.baseOffset() : selection.offset(0);
    return new Run(batch.partition(), batch.storedMicros(), batch.baseOffset(), first, size);
  }

  private @Nullable Selection select(StoredBatch batch) {
    try {
      return new SharedBatch(batch).select(filters, 0, 0);
    } catch (WeirException _) {
      return null; // told as a gap when it is delivered
    }
  }

  /// The offset at which the last messages of a run begin.
  private long inside(Run run, int count) throws IOException {
    try (EngineReader reader = engine.reader(run.partition(), run.batchOffset(), this::isWanted)) {
      if (reader.next() instanceof StoredBatch batch && batch.baseOffset() == run.batchOffset()) {
        Selection selection = select(batch);
        if (selection != null && selection.size() == run.size()) {
          return selection.offset(run.size() - count);
        }
      }
    }
    return run.firstOffset(); // removed or damaged meanwhile
  }
}
