package dev.weir.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.WeirException;
import dev.weir.broker.embedded.EmbeddedEngineConfig;
import dev.weir.message.Message;
import dev.weir.message.Receipt;
import dev.weir.testkit.Fault;
import dev.weir.testkit.Seeds;
import dev.weir.testkit.SimDisk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The power goes at random moments while senders publish; they resume as links do. In the end each
/// (lane, sequence) is stored once and in order, each id once, and nothing acked is missing.
@Timeout(60)
final class EngineCrashTest {
  private static final int LANES = 4;
  private static final int FRAMES = 120;

  private final RandomGenerator random = Seeds.random("EngineCrashTest");
  private final EmbeddedEngineConfig config =
      EmbeddedEngineConfig.of(Path.of("data"))
          .withSizes(ByteSize.ofKibibytes(64), ByteSize.ofKibibytes(64));
  private final List<Sender> senders = new ArrayList<>();
  private SimDisk disk = new SimDisk();

  /// One lane of an edge: what it knows to be stored, and what it sends next.
  private static final class Sender {
    private final int lane;
    private final AtomicLong acked = new AtomicLong();
    private final AtomicInteger refusals = new AtomicInteger();
    private long next = 1;

    Sender(int lane) {
      this.lane = lane;
    }

    /// @return false when the core has no room now
    boolean send(Core core) {
      long sequence = next;
      Message message =
          Message.of("lane/" + lane, Long.toString(sequence))
              .withId(Bytes.utf8(lane + "-" + (sequence / 2)));
      boolean isTaken =
          core.broker.offer(
              PublishRequest.of(
                  Batches.of(Message.of("lane/" + lane, sequence + " " + "x".repeat(300)), message),
                  Batches.at(lane, sequence)),
              new PublishListener() {
                @Override
                public void stored(Receipt receipt, long commitMicros, long queueMicros) {
                  acked.accumulateAndGet(sequence, Math::max);
                }

                @Override
                public void failed(WeirException cause) {
                  refusals.incrementAndGet();
                }
              });
      next += isTaken ? 1 : 0;
      return isTaken;
    }

    /// Resumes at what the core has, or sometimes at what this sender knows: both are legal.
    void resume(Core core, boolean isForgetful) {
      long stored = core.resume(lane, acked.get() + 1);
      assertThat(stored).as("lane %d", lane).isGreaterThanOrEqualTo(acked.get());
      next = isForgetful ? acked.get() + 1 : stored + 1;
      if (!isForgetful) {
        acked.set(stored);
      }
      refusals.set(0);
    }
  }

  private Core open() {
    return new Core(config, LocalBrokerConfig.defaults(), disk, Clock.SYSTEM);
  }

  @RepeatedTest(4)
  void storesEachSequenceOnceWhereverThePowerGoes() {
    for (int lane = 0; lane < LANES; lane++) {
      senders.add(new Sender(lane));
    }
    int crashes = 0;
    while (senders.stream().anyMatch(sender -> sender.acked.get() < FRAMES)) {
      crashes += runUntilCrash() ? 1 : 0;
      disk = disk.afterCrash(random);
    }

    assertThat(crashes).isGreaterThan(5);
    try (Core core = open()) {
      for (Sender sender : senders) {
        assertThat(sequences(core, sender.lane))
            .as("lane %d after %d crashes", sender.lane, crashes)
            .isEqualTo(LongStream.rangeClosed(1, FRAMES).boxed().toList());
        assertThat(ids(core, sender.lane)).doesNotHaveDuplicates().hasSize(FRAMES / 2 + 1);
      }
    }
  }

  /// Sends from all lanes in random turns.
  ///
  /// @return whether the power went before everything was sent
  private boolean runUntilCrash() {
    Core core = open();
    try {
      disk.failMutation(disk.mutations() + 1 + random.nextInt(60), Fault.CRASH);
      for (Sender sender : senders) {
        sender.resume(core, random.nextBoolean());
      }
      while (!disk.hasCrashed()) {
        Sender sender = senders.get(random.nextInt(LANES));
        boolean isDone = senders.stream().allMatch(s -> s.acked.get() >= FRAMES);
        if (isDone) {
          return false;
        }
        if (sender.refusals.get() > 0) {
          sender.resume(core, true);
        }
        boolean isIdle = sender.next > FRAMES || !sender.send(core);
        if (isIdle || random.nextInt(8) == 0) {
          Thread.onSpinWait();
        }
      }
      return true;
    } finally {
      core.close();
    }
  }

  private static List<Long> sequences(Core core, int lane) {
    return core.bodies("lane/" + lane).stream()
        .filter(body -> body.contains(" "))
        .map(body -> Long.valueOf(body.split(" ", 2)[0]))
        .toList();
  }

  private static List<String> ids(Core core, int lane) {
    return core.read("lane/" + lane, new Start.First()).messages().stream()
        .filter(message -> !message.id().isEmpty())
        .map(message -> message.id().utf8())
        .toList();
  }

  @Test
  void failedWritesTakeTheLaneBackAndLoseNothing() {
    Sender sender = new Sender(0);
    try (Core core = open()) {
      int faults = 0;
      while (sender.acked.get() < 300) {
        if (random.nextInt(40) == 0 && faults < 3) {
          long now = disk.mutations();
          disk.failMutation(now + 1 + random.nextInt(4), Fault.EIO);
          disk.failMutation(now + 1 + random.nextInt(8), Fault.EIO);
          faults++;
        }
        if (sender.refusals.get() > 0) {
          sender.resume(core, random.nextBoolean());
        }
        if (sender.next > 300 || !sender.send(core)) {
          Thread.onSpinWait();
        }
      }

      assertThat(sequences(core, 0)).isEqualTo(LongStream.rangeClosed(1, 300).boxed().toList());
    }
  }
}
