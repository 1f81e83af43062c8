package dev.weir.bench;

import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.link.LaneFrame;
import dev.weir.link.LaneMatch;
import dev.weir.link.LaneSettlement;
import dev.weir.link.LaneSource;
import dev.weir.link.LaneSources;
import dev.weir.message.Batch;
import dev.weir.message.BatchReader;
import dev.weir.message.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// A spool's lanes, with a look at when messages of one topic are acked: from the time that they
/// carry. Used on the link's thread; the histogram is read by another.
final class AckTimes implements LaneSources {
  private final LaneSources lanes;
  private final String topic;
  private final Clock clock;
  private final Histogram ackNanos = new ConcurrentHistogram(3);
  private final Map<LaneSource, Timed> timed = new HashMap<>();
  private @Nullable Lanes seen;
  private Lanes shown = new Lanes(List.of(), List.of());

  AckTimes(LaneSources lanes, String topic, Clock clock) {
    this.lanes = lanes;
    this.topic = topic;
    this.clock = clock;
  }

  /// From when a message arose to its ack.
  Histogram ackNanos() {
    return ackNanos;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // the same object: nothing changed
  public Lanes current() {
    Lanes now = lanes.current();
    if (now != seen) {
      seen = now;
      timed.keySet().retainAll(now.all());
      shown = new Lanes(timed(now.fresh()), timed(now.backfill()));
    }
    return shown;
  }

  private List<LaneSource> timed(List<LaneSource> sources) {
    List<LaneSource> views = new ArrayList<>();
    for (LaneSource source : sources) {
      views.add(timed.computeIfAbsent(source, Timed::new));
    }
    return views;
  }

  /// One lane.
  private final class Timed implements LaneSource {
    private final LaneSource source;
    private final TreeMap<Long, Long> aroseMicros = new TreeMap<>();

    Timed(LaneSource source) {
      this.source = source;
    }

    @Override
    public int lane() {
      return source.lane();
    }

    @Override
    public long firstUnacked() {
      return source.firstUnacked();
    }

    @Override
    public long nextSequence() {
      return source.nextSequence();
    }

    @Override
    public @Nullable LaneFrame peek(long sequence) {
      LaneFrame frame = source.peek(sequence);
      Batch batch = frame == null ? null : frame.batch();
      if (batch != null && batch.count() == 1) {
        Message message = BatchReader.read(batch).getFirst();
        if (message.topic().equals(topic)) {
          aroseMicros.put(sequence, message.timeMicros());
        }
      }
      return frame;
    }

    @Override
    public void settled(LaneSettlement settlement) {
      Map<Long, Long> acked = aroseMicros.headMap(settlement.durableSequence(), true);
      long nowMicros = clock.epochMicros();
      acked
          .values()
          .forEach(micros -> ackNanos.recordValue(Math.max(0, nowMicros - micros) * 1_000));
      acked.clear();
      source.settled(settlement);
    }

    @Override
    public LaneMatch match(long sequence, int crc32c) {
      return source.match(sequence, crc32c);
    }

    @Override
    public void refused(long sequence, ErrorCode code, String detail) {
      source.refused(sequence, code, detail);
    }
  }
}
