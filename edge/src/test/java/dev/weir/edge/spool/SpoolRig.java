package dev.weir.edge.spool;

import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import dev.weir.base.WeirException;
import dev.weir.base.disk.Disk;
import dev.weir.link.LaneFrame;
import dev.weir.link.LaneSettlement;
import dev.weir.message.Batch;
import dev.weir.message.BatchBuilder;
import dev.weir.message.BatchReader;
import dev.weir.message.Durability;
import dev.weir.message.Encoding;
import dev.weir.message.Message;
import dev.weir.testkit.ManualClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// A spool that is stepped by hand, and a core that stores what its lane gives, once.
final class SpoolRig implements AutoCloseable {
  static final String AGENT = "site-7";

  final ManualClock clock = new ManualClock();
  final List<Long> durable = new ArrayList<>();
  final List<WeirException> failures = new ArrayList<>();
  final TreeMap<Integer, TreeMap<Long, List<Message>>> lanes = new TreeMap<>();

  /// What the core has of lane 0.
  final NavigableMap<Long, List<Message>> core = coreOf(0);

  private final Disk disk;
  SpoolConfig config;
  Spool spool;

  SpoolRig(SpoolConfig config, Disk disk) {
    this.config = config;
    this.disk = disk;
    this.spool = open();
  }

  static SpoolConfig config(Path directory) {
    return SpoolConfig.of(directory.resolve("spool"))
        .withSegmentBytes(ByteSize.ofKibibytes(64))
        .withAckGrace(new ByteSize(0))
        .withFreeDiskFloor(new ByteSize(0));
  }

  void restart() {
    spool.close();
    reopen();
  }

  /// Opens what is on the disk, as after a crash when the spool was not closed.
  void reopen() {
    spool = open();
  }

  private Spool open() {
    try {
      return Spool.openStepped(config, AGENT, disk, clock, new SplittableRandom(7));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// One message, compressed as told.
  Batch offer(Encoding encoding, String body) {
    BatchBuilder builder = new BatchBuilder(1 << 20);
    builder.add(Message.of("a/b", body));
    Batch batch = builder.build(encoding, Bytes.EMPTY);
    spool.offer(new SpoolFrame(Optional.of(batch), Map.of(), false, new Recorder()));
    spool.step();
    return batch;
  }

  boolean offer(boolean isRefusable, Map<String, Bytes> positions, String... bodies) {
    BatchBuilder builder = new BatchBuilder(1 << 20);
    for (String body : bodies) {
      builder.add(Message.of("a/b", body));
    }
    Batch batch = builder.build(0, Positions.encode(positions));
    return spool.offer(new SpoolFrame(Optional.of(batch), positions, isRefusable, new Recorder()));
  }

  boolean offer(String... bodies) {
    boolean isTaken = offer(false, Map.of(), bodies);
    spool.step();
    return isTaken;
  }

  boolean offerPositions(Map<String, Bytes> positions) {
    boolean isTaken =
        spool.offer(new SpoolFrame(Optional.empty(), positions, false, new Recorder()));
    spool.step();
    return isTaken;
  }

  /// What the core has of a lane.
  NavigableMap<Long, List<Message>> coreOf(int lane) {
    return lanes.computeIfAbsent(lane, _ -> new TreeMap<>());
  }

  /// The core takes everything that there is, and acks it.
  void deliverAll() {
    for (SpoolLane lane : spool.lanes().lanes()) {
      deliver(lane, Long.MAX_VALUE);
      NavigableMap<Long, List<Message>> known = coreOf(lane.lane());
      settle(lane, known.isEmpty() ? 0 : known.lastKey());
    }
  }

  /// The core takes frames of the live lane up to a sequence; no ack.
  void deliver(long upTo) {
    deliver(spool.lanes().live(), upTo);
  }

  void deliver(SpoolLane lane, long upTo) {
    for (long sequence = lane.firstUnacked(); sequence <= upTo; sequence++) {
      LaneFrame frame = lane.peek(sequence);
      if (frame == null) {
        return;
      }
      coreOf(lane.lane())
          .putIfAbsent(sequence, BatchReader.read(Objects.requireNonNull(frame.batch())));
    }
  }

  void settle(long sequence) {
    settle(spool.lanes().live(), sequence);
  }

  void settle(SpoolLane lane, long sequence) {
    lane.settled(
        new LaneSettlement(lane.lane(), sequence, Durability.DURABLE, "", 0, new long[0], 0, 0));
    spool.step();
  }

  /// Every body in the core but loss messages.
  List<String> bodies() {
    return lanes.values().stream()
        .flatMap(frames -> frames.values().stream())
        .flatMap(List::stream)
        .filter(message -> !message.topic().equals(LossMessages.TOPIC))
        .map(message -> message.body().utf8())
        .toList();
  }

  /// Messages that the core was told are lost.
  long toldLost() {
    return lanes.values().stream()
        .flatMap(frames -> frames.values().stream())
        .flatMap(List::stream)
        .filter(message -> message.topic().equals(LossMessages.TOPIC))
        .mapToLong(message -> Long.parseLong(message.headers().getOrDefault("messages", "0")))
        .sum();
  }

  LossTotal lost(LossReason reason) {
    return Objects.requireNonNull(spool.stats().losses().get(reason));
  }

  void secondPasses() {
    clock.advanceMillis(1000);
    spool.step();
  }

  @Override
  public void close() {
    spool.close();
  }

  private final class Recorder implements FrameListener {
    @Override
    public void durable() {
      durable.add((long) durable.size());
    }

    @Override
    public void failed(WeirException cause) {
      failures.add(cause);
    }
  }
}
