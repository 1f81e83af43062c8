package dev.weir.edge.spool;

import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.base.disk.Disk;
import dev.weir.log.FrameType;
import dev.weir.log.Log;
import dev.weir.log.LogConfig;
import dev.weir.log.LogEvent;
import dev.weir.log.LogHooks;
import dev.weir.log.LogReader;
import dev.weir.message.BatchHeader;
import dev.weir.message.BatchReader;
import dev.weir.message.BatchSource;
import dev.weir.message.Message;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Looks into a spool that no edge has open, for the command line. Opening it recovers its log as
/// an edge would; nothing else is changed. One thread.
public final class SpoolInspector implements AutoCloseable {
  private final Log log;
  private final Path directory;
  private final Optional<BatchSource> source;
  private final Optional<SpoolCursor.Values> cursor;

  /// A frame without its messages.
  ///
  /// @param lane its lane
  /// @param sequence on the lane
  /// @param isAcked whether a core has it, as far as the cursor knows
  /// @param topics of its messages
  public record FrameLine(
      int lane,
      long sequence,
      boolean isAcked,
      int messages,
      int bytes,
      int rawBytes,
      long timeMicros,
      List<String> topics) {}

  /// What a check found.
  ///
  /// @param frames that are whole and decode
  /// @param damaged frames that are whole and do not decode, by lane and sequence
  /// @param missing sequences that are neither there nor acked nor given up
  /// @param gaps ranges of messages that the disk did not keep
  public record Verdict(
      long frames, long messages, List<String> damaged, long missing, List<String> gaps) {
    public boolean isSound() {
      return damaged.isEmpty() && missing == 0 && gaps.isEmpty();
    }
  }

  private SpoolInspector(
      Log log, Path directory, Optional<BatchSource> source, Optional<SpoolCursor.Values> cursor) {
    this.log = log;
    this.directory = directory;
    this.source = source;
    this.cursor = cursor;
  }

  /// @throws WeirException with DATA_DIRECTORY_LOCKED while an edge runs on it
  public static SpoolInspector open(Path directory, Disk disk, Clock clock) throws IOException {
    LogConfig config = LogConfig.of("spool", directory.resolve(Spool.LOG_DIRECTORY));
    Log log = openLog(config, directory, disk, clock);
    @Nullable SpoolInspector inspector = null;
    try (SpoolCursor cursor = new SpoolCursor(disk, directory)) {
      inspector =
          new SpoolInspector(log, directory, SpoolIdentity.read(disk, directory), cursor.load());
      return inspector;
    } finally {
      if (inspector == null) {
        log.close();
      }
    }
  }

  private static Log openLog(LogConfig config, Path directory, Disk disk, Clock clock)
      throws IOException {
    try {
      return Log.openStepped(config, disk, clock, LogHooks.NONE);
    } catch (WeirException e) {
      if (e.code() != ErrorCode.DATA_DIRECTORY_LOCKED) {
        throw e;
      }
      throw new WeirException(
          e.code(),
          "An edge runs on the spool "
              + directory
              + ". What waits in it is told by weir_spool_messages and weir_spool_bytes of its"
              + " metrics (edge.ops, http://127.0.0.1:4760/metrics by default); its frames can be"
              + " looked at once it is stopped.",
          e);
    }
  }

  public Path directory() {
    return directory;
  }

  /// Who numbered the frames; empty when the file is missing or damaged.
  public Optional<BatchSource> source() {
    return source;
  }

  /// Everything of a lane up to this sequence was acked; all of one that has nothing left.
  public long settledSequence(int lane) {
    return cursor.map(values -> values.settled(lane)).orElse(0L);
  }

  /// Every frame that is still there, oldest first.
  public void list(Consumer<FrameLine> out) throws IOException {
    read(
        (frame, _) -> {
          List<String> topics = BatchHeader.decode(frame.header()).topics();
          out.accept(
              new FrameLine(
                  frame.lane(),
                  frame.laneSequence(),
                  isAcked(frame),
                  frame.count(),
                  frame.header().length() + frame.payload().length(),
                  frame.rawLength(),
                  frame.timestampMicros(),
                  topics));
        },
        _ -> {});
  }

  /// Decodes every frame and follows the sequence numbers.
  public Verdict verify() throws IOException {
    long[] counts = new long[3]; // frames, messages, missing sequences
    Map<Integer, Long> lastOfLane = new HashMap<>();
    List<String> damaged = new ArrayList<>();
    List<String> gaps = new ArrayList<>();
    SpoolDictionaries dictionaries = new SpoolDictionaries();
    read(
        (frame, reader) -> {
          try {
            counts[1] += BatchReader.read(dictionaries.batch(frame, reader)).size();
            counts[0]++;
          } catch (RuntimeException e) {
            damaged.add(frame.lane() + ":" + frame.laneSequence());
          }
          counts[2] += missing(lastOfLane, frame);
          lastOfLane.merge(frame.lane(), frame.laneSequence(), Math::max);
        },
        gap -> gaps.add(gap.fromOffset() + " to " + gap.toOffset() + ": " + gap.reason()));
    return new Verdict(counts[0], counts[1], damaged, counts[2], gaps);
  }

  /// Sequences without an ack that should lie between the lane's frame before this one and this.
  /// The log may begin within its first lane; every other lane begins at 1.
  private long missing(Map<Integer, Long> lastOfLane, LogEvent.Frame frame) {
    if (lastOfLane.isEmpty()) {
      return 0;
    }
    long last = lastOfLane.getOrDefault(frame.lane(), 0L);
    long settled = settledSequence(frame.lane());
    long before = frame.laneSequence() - 1;
    return settled >= before ? 0 : Math.max(0, before - Math.max(last, settled));
  }

  private boolean isAcked(LogEvent.Frame frame) {
    return frame.laneSequence() <= settledSequence(frame.lane());
  }

  /// The messages that no core has acked, decoded, oldest first. Frames that do not decode are
  /// passed over; [#verify] names them.
  public Iterator<Message> export() {
    return new Export(log.reader(log.firstOffset()), this::isAcked);
  }

  @Override
  public void close() {
    log.close();
  }

  /// Told each DATA frame, with the reader that just gave it.
  @FunctionalInterface
  private interface FrameVisitor {
    void visit(LogEvent.Frame frame, LogReader reader) throws IOException;
  }

  private void read(FrameVisitor frames, Consumer<LogEvent.Gap> gaps) throws IOException {
    try (LogReader reader = log.reader(log.firstOffset())) {
      for (LogEvent event = reader.next(); event != null; event = reader.next()) {
        switch (event) {
          case LogEvent.Frame frame -> {
            if (frame.type() == FrameType.DATA) {
              frames.visit(frame, reader);
            }
          }
          case LogEvent.Gap gap -> gaps.accept(gap);
        }
      }
    }
  }

  private static final class Export implements Iterator<Message> {
    private final LogReader reader;
    private final SpoolDictionaries dictionaries = new SpoolDictionaries();
    private final Predicate<LogEvent.Frame> isAcked;
    private Iterator<Message> messages = List.<Message>of().iterator();

    Export(LogReader reader, Predicate<LogEvent.Frame> isAcked) {
      this.reader = reader;
      this.isAcked = isAcked;
    }

    @Override
    public boolean hasNext() {
      while (!messages.hasNext()) {
        LogEvent event = nextEvent();
        if (event == null) {
          reader.close();
          return false;
        }
        if (event instanceof LogEvent.Frame frame
            && frame.type() == FrameType.DATA
            && !isAcked.test(frame)) {
          messages = decoded(frame);
        }
      }
      return true;
    }

    @Override
    public Message next() {
      if (!hasNext()) {
        throw new NoSuchElementException("every message was given out");
      }
      return messages.next();
    }

    private @Nullable LogEvent nextEvent() {
      try {
        return reader.next();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    private Iterator<Message> decoded(LogEvent.Frame frame) {
      try {
        return BatchReader.read(dictionaries.batch(frame, reader)).iterator();
      } catch (WeirException e) {
        return List.<Message>of().iterator();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }
}
