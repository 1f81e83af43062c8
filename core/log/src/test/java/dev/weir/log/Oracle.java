package dev.weir.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Bytes;
import dev.weir.base.WeirException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Knows what a log was given and what it said, and checks what it shows: everything told durable
/// is there at its offset, everything is there at most once and in the order of the offers, and
/// what a reader once saw stays.
final class Oracle {
  /// Bodies by offset that the log must show from now on.
  private final Map<Long, String> promised = new TreeMap<>();

  /// Bodies of CONTROL frames that the log must show.
  private final Set<String> promisedControls = new TreeSet<>();

  private int offered;
  private int failed;
  private long givenUpBelow;
  private boolean hasReadFault;

  /// The next entry to offer: numbered, of one message.
  LogEntry next(int paddingBytes) {
    String body = String.format("%06d", offered++) + "#".repeat(paddingBytes);
    Bytes topic = Bytes.utf8(offered % 2 == 0 ? "even" : "odd");
    int dictionary = offered % 3;
    return new LogEntry(
        FrameType.DATA,
        0,
        0,
        1,
        0,
        0,
        dictionary,
        dictionary(dictionary),
        body.length(),
        topic,
        Bytes.utf8(body));
  }

  /// Every segment must have those that its frames name.
  private static Bytes dictionary(int id) {
    return id == 0 ? Bytes.EMPTY : Bytes.utf8(("dictionary " + id + " ").repeat(20));
  }

  private void checkDictionary(LogReader reader, LogEvent.Frame frame) throws IOException {
    int id = frame.dictionaryId();
    if (frame.isDictionary()) {
      assertThat(frame.payload()).isEqualTo(dictionary(id));
    } else if (id != 0 && !hasReadFault) {
      assertThat(reader.dictionary(id)).isEqualTo(dictionary(id));
    }
  }

  /// The next CONTROL entry, numbered together with the others.
  LogEntry nextControl() {
    return LogEntry.control(Bytes.EMPTY, Bytes.utf8(String.format("%06d", offered++)));
  }

  AppendListener listenerFor(LogEntry entry) {
    return new AppendListener() {
      @Override
      public void durable(
          long baseOffset, long commitMicros, long queueMicros, long timestampMicros) {
        if (entry.type() == FrameType.DATA) {
          promised.put(baseOffset, entry.payload().utf8());
        } else {
          promisedControls.add(entry.payload().utf8());
        }
      }

      @Override
      public void failed(WeirException cause) {
        failed++;
      }
    };
  }

  /// Messages below this offset may be gone.
  void givesUpBelow(long offset) {
    givenUpBelow = Math.max(givenUpBelow, offset);
  }

  /// One read fails somewhere: gaps may show, told as such.
  void toleratesGaps() {
    hasReadFault = true;
  }

  int promises() {
    return promised.size();
  }

  int failures() {
    return failed;
  }

  /// A file that cannot be opened is an exception, and asking again tries again.
  private @Nullable LogEvent next(LogReader reader) throws IOException {
    try {
      return reader.next();
    } catch (IOException e) {
      if (!hasReadFault) {
        throw e;
      }
      return reader.next();
    }
  }

  /// Reads the whole log and checks it; what was read is promised from now on.
  void check(Log log) throws IOException {
    Map<Long, String> seen = new TreeMap<>();
    List<String> controls = new ArrayList<>();
    List<LogEvent.Gap> damaged = new ArrayList<>();
    try (LogReader reader = log.reader(0)) {
      for (LogEvent event = next(reader); event != null; event = next(reader)) {
        switch (event) {
          case LogEvent.Gap gap when hasReadFault -> damaged.add(gap);
          case LogEvent.Gap gap -> {
            assertThat(gap.reason()).as("%s", gap).isEqualTo(GapReason.RETENTION);
            assertThat(gap.fromOffset()).isZero();
            assertThat(gap.toOffset()).isLessThanOrEqualTo(givenUpBelow);
          }
          case LogEvent.Frame frame -> {
            checkDictionary(reader, frame);
            String body = frame.payload().utf8();
            if (frame.type() == FrameType.DATA) {
              assertThat(seen.put(frame.baseOffset(), body)).isNull();
            } else if (!frame.isDictionary()) {
              assertThat(controls.isEmpty() || body.compareTo(controls.getLast()) > 0)
                  .as("%s after %s", body, controls)
                  .isTrue();
              controls.add(body);
            }
          }
        }
      }
    }
    for (Map.Entry<Long, String> promise : promised.entrySet()) {
      long offset = promise.getKey();
      if (damaged.stream().anyMatch(g -> g.fromOffset() <= offset && offset < g.toOffset())) {
        continue;
      }
      if (offset >= log.firstOffset()) {
        assertThat(seen.get(offset) != null && promise.getValue().equals(seen.get(offset)))
            .as("offset %d, in a log of %d to %d", offset, log.firstOffset(), log.durableOffset())
            .isTrue();
      } else {
        assertThat(promise.getKey()).isLessThan(givenUpBelow);
      }
    }
    if (!hasReadFault && givenUpBelow == 0) {
      assertThat(controls).containsAll(promisedControls);
    }
    promisedControls.addAll(controls);
    List<String> bodies = new ArrayList<>(seen.values());
    for (int i = 1; i < bodies.size(); i++) {
      assertThat(bodies.get(i)).isGreaterThan(bodies.get(i - 1));
    }
    if (!hasReadFault) {
      assertThat(log.durableOffset()).isEqualTo(log.firstOffset() + seen.size());
    }
    promised.keySet().removeIf(offset -> offset < log.firstOffset());
    promised.putAll(seen);
  }
}
