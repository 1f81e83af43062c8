package dev.weir.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.ByteSize;
import dev.weir.edge.source.FileConfig;
import dev.weir.edge.spool.BackfillPolicy;
import dev.weir.edge.spool.BackfillPolicy.Order;
import dev.weir.edge.spool.OverflowPolicy;
import dev.weir.edge.spool.Spool;
import dev.weir.edge.spool.SpoolConfig;
import dev.weir.edge.spool.SpoolLane;
import dev.weir.link.LaneFrame;
import dev.weir.link.LaneSettlement;
import dev.weir.message.BatchReader;
import dev.weir.message.Durability;
import dev.weir.message.Message;
import dev.weir.testkit.Fault;
import dev.weir.testkit.ManualClock;
import dev.weir.testkit.Seeds;
import dev.weir.testkit.SimDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Files, batcher and spool over a disk whose power goes, or which fails, at any call that it gets:
/// each line is in the core once, in order within its lane; and lanes are rolled whenever a core
/// takes something while more waits.
final class EdgeCrashTest {
  private static final int TURNS = 12;

  /// Every so many-th call on average is tried; `-Dweir.crash.stride=1` tries them all.
  private static final int STRIDE = Integer.getInteger("weir.crash.stride", 12);

  @TempDir private Path directory;
  private final ManualClock clock = new ManualClock();
  private final List<String> written = new ArrayList<>();
  private final TreeMap<Integer, TreeMap<Long, List<Message>>> core = new TreeMap<>();
  private BackfillPolicy backfill = policy(Order.NEWEST_FIRST);
  private OverflowPolicy overflow = OverflowPolicy.BLOCK;
  private ByteSize maxBytes = ByteSize.ofMebibytes(100);
  private int runs;
  private int newestLane;
  private Path log = Path.of("app.log");

  private static BackfillPolicy policy(Order order) {
    return new BackfillPolicy(order, Duration.ofMillis(1), new ByteSize(1));
  }

  @ParameterizedTest
  @EnumSource(Order.class)
  void storesEachLineOnceWhereverThePowerGoes(Order order) throws IOException {
    backfill = policy(order);
    long seed = Seeds.seed();
    RandomGenerator random = Seeds.random("storesEachLineOnceWhereverThePowerGoes", seed);
    long calls = run(new SimDisk(), seed, random);
    assertThat(calls).isGreaterThan(30);

    for (long call = 1; call <= calls; call += 1 + random.nextInt(STRIDE)) {
      SimDisk disk = new SimDisk();
      disk.failMutation(call, Fault.CRASH);
      run("power gone at call " + call, disk, seed, random);
    }
    assertThat(newestLane).isGreaterThanOrEqualTo(order == Order.IN_ORDER ? 0 : 3);
  }

  @Test
  void storesEachLineOnceWhicheverCallFails() throws IOException {
    long seed = Seeds.seed();
    RandomGenerator random = Seeds.random("storesEachLineOnceWhicheverCallFails", seed);
    long calls = run(new SimDisk(), seed, random);

    for (Fault fault : List.of(Fault.EIO, Fault.ENOSPC, Fault.SHORT_WRITE)) {
      for (long call = 1L + random.nextInt(3);
          call <= calls;
          call += 1 + random.nextInt(2 * STRIDE)) {
        SimDisk disk = new SimDisk();
        disk.failMutation(call, fault);
        if (random.nextBoolean()) {
          disk.failMutation(call + 1, fault); // The fresh segment as well: poisoned.
        }
        run(fault + " at call " + call, disk, seed, random);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"DROP_OLDEST", "DROP_NEWEST"})
  void tellsExactlyWhatItDroppedWhereverThePowerGoes(OverflowPolicy policy) throws IOException {
    tellsExactlyWhatItDropped(policy, Seeds.seed());
  }

  /// The power goes while a core takes what it is given of a lane whose loss the log could not tell
  /// any more: it had heard of another loss than the next start told.
  @Test
  void tellsNoCoreOfALossThatTheLogDoesNotTell() throws IOException {
    tellsExactlyWhatItDropped(OverflowPolicy.DROP_OLDEST, -1058219667070013816L);
  }

  private void tellsExactlyWhatItDropped(OverflowPolicy policy, long seed) throws IOException {
    overflow = policy;
    maxBytes = ByteSize.ofKibibytes(64);
    RandomGenerator random = Seeds.random("tellsExactlyWhatItDropped " + policy, seed);
    long calls = run(new SimDisk(), seed, random);
    assertThat(toldLost()).isPositive();

    for (long call = 1; call <= calls; call += 1 + random.nextInt(2 * STRIDE)) {
      SimDisk disk = new SimDisk();
      disk.failMutation(call, Fault.CRASH);
      run("power gone at call " + call, disk, seed, random);
    }
  }

  @Test
  void waitsOutAFullDisk() throws IOException {
    SimDisk disk = new SimDisk();
    begin();
    SteppedEdge edge = open(disk);
    edge.turn();
    disk.capacity(300_000);
    for (int i = 0; i < 40; i++) {
      write(200);
      edge.turn();
    }
    assertThat(edge.spool.refusal()).isPresent();

    disk.capacity(Long.MAX_VALUE / 2);
    for (int i = 0; i < 10; i++) {
      clock.advanceMillis(1000);
      edge.turn();
      deliver(edge.spool, () -> 1 << 20);
    }

    assertThat(bodies()).isEqualTo(written);
    edge.close();
  }

  private void run(String what, SimDisk disk, long seed, RandomGenerator random) {
    try {
      run(disk, seed, random);
    } catch (AssertionError | RuntimeException | IOException e) {
      throw new AssertionError(what + ", seed " + seed, e);
    }
  }

  /// @return the changing calls of the disk
  private long run(SimDisk firstDisk, long seed, RandomGenerator random) throws IOException {
    begin();
    RandomGenerator work = new SplittableRandom(seed);
    SimDisk disk = firstDisk;
    @Nullable SteppedEdge edge = null;
    for (int turn = 0; turn < TURNS; turn++) {
      if (edge == null) {
        edge = openOrNull(disk);
      }
      boolean isFlood = overflow != OverflowPolicy.BLOCK;
      for (int frames = work.nextInt(isFlood ? 8 : 4); frames >= 0; frames--) {
        write(1 + work.nextInt(isFlood ? 100 : 30));
        if (edge != null) {
          edge.turn();
        }
      }
      if (edge != null) {
        clock.advanceMillis(500);
        deliver(edge.spool, () -> work.nextInt(3));
        edge.spool.step();
      }
      if (disk.hasCrashed()) {
        disk = disk.afterCrash(random);
        edge = null; // Without a close: the process is gone.
      } else if (edge != null && work.nextInt(5) == 0) {
        edge.close();
        edge = null;
      }
    }
    long calls = disk.mutations();
    if (disk.hasCrashed()) { // In the last close.
      disk = disk.afterCrash(random);
    }
    disk.repair();
    finish(disk, edge);
    return calls;
  }

  private void finish(SimDisk disk, @Nullable SteppedEdge last) throws IOException {
    SteppedEdge edge = last != null ? last : open(disk);
    for (int i = 0; i < 5; i++) {
      clock.advanceMillis(1100);
      edge.turn();
      deliver(edge.spool, () -> 1 << 20);
    }
    assertThat(edge.spool.stats().unackedMessages()).isZero();
    assertThat(edge.spool.stats().lanes()).isEqualTo(1);
    edge.close();
    newestLane = Math.max(newestLane, core.lastKey());
    core.forEach((lane, frames) ->
        assertThat(frames.lastKey()).as("lane %d has no gap", lane).isEqualTo(frames.size()));
    assertThat(bodies()).doesNotHaveDuplicates().isSubsetOf(written);
    assertThat(bodies().size() + toldLost()).isEqualTo(written.size());
    if (overflow == OverflowPolicy.BLOCK) {
      assertThat(bodies()).isEqualTo(written);
    }
  }

  private void begin() {
    runs++;
    log = directory.resolve("app" + runs + ".log");
    written.clear();
    core.clear();
  }

  private @Nullable SteppedEdge openOrNull(SimDisk disk) {
    try {
      return open(disk);
    } catch (IOException | RuntimeException e) {
      disk.processEnded();
      return null; // Tried again in the next turn, as a supervisor would.
    }
  }

  private SteppedEdge open(SimDisk disk) throws IOException {
    SpoolConfig config =
        SpoolConfig.of(Path.of("/spool"))
            .withMaxBytes(maxBytes)
            .withOverflow(overflow)
            .withBackfill(backfill)
            .withSegmentBytes(ByteSize.ofKibibytes(64))
            .withAckGrace(new ByteSize(0))
            .withFreeDiskFloor(new ByteSize(0));
    return new SteppedEdge(
        config, FileConfig.of("app", "logs/app", List.of(log.toString())), disk, clock);
  }

  private void write(int count) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      String line = written.size() + "-".repeat(50 + written.size() % 70);
      written.add(line);
      text.append(line).append('\n');
    }
    Files.writeString(log, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private void deliver(Spool spool, LongSupplier count) {
    for (SpoolLane lane : spool.lanes().lanes().reversed()) {
      deliver(lane, lane.firstUnacked() - 1 + count.getAsLong());
    }
  }

  private void deliver(SpoolLane lane, long upTo) {
    TreeMap<Long, List<Message>> frames = core.computeIfAbsent(lane.lane(), _ -> new TreeMap<>());
    for (long sequence = lane.firstUnacked(); sequence <= upTo; sequence++) {
      LaneFrame frame = lane.peek(sequence);
      if (frame == null) {
        break;
      }
      List<Message> messages = BatchReader.read(Objects.requireNonNull(frame.batch()));
      List<Message> before = frames.putIfAbsent(sequence, messages);
      boolean isLoss = messages.getFirst().topic().startsWith("$");
      if (before != null && !isLoss) {
        assertThat(messages).as("frame %d is what it was", sequence).isEqualTo(before);
      }
    }
    if (frames.isEmpty()) {
      core.remove(lane.lane());
    } else {
      lane.settled(
          new LaneSettlement(
              lane.lane(), frames.lastKey(), Durability.DURABLE, "", 0, new long[0], 0, 0));
    }
  }

  private long toldLost() {
    return core.values().stream()
        .flatMap(frames -> frames.values().stream())
        .flatMap(List::stream)
        .filter(message -> message.topic().startsWith("$"))
        .mapToLong(message -> Long.parseLong(message.headers().getOrDefault("messages", "0")))
        .sum();
  }

  private List<String> bodies() {
    return core.values().stream()
        .flatMap(frames -> frames.values().stream())
        .flatMap(List::stream)
        .filter(message -> !message.topic().startsWith("$"))
        .map(message -> message.body().utf8())
        .toList();
  }
}
