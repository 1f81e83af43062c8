package dev.weir.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.WeirException;
import dev.weir.broker.embedded.EmbeddedEngineConfig;
import dev.weir.log.AppendListener;
import dev.weir.log.FileDisk;
import dev.weir.log.Log;
import dev.weir.log.LogConfig;
import dev.weir.log.LogEntry;
import dev.weir.log.LogHooks;
import dev.weir.log.Retention;
import dev.weir.message.BatchHeader;
import dev.weir.message.Cursor;
import dev.weir.message.Message;
import dev.weir.message.Position;
import dev.weir.testkit.Eventually;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What cannot be delivered any more is told, and never stops a subscription.
final class GapTest {
  @TempDir Path directory;

  private EmbeddedEngineConfig small() {
    return EmbeddedEngineConfig.of(directory)
        .withSizes(ByteSize.ofKibibytes(64), ByteSize.ofMebibytes(1));
  }

  private static void fill(Core core, int from, int to) {
    for (int i = from; i < to; i++) {
      core.publish(Batches.of(0, List.of(Message.of("a", i + " " + "x".repeat(10_000)))));
    }
  }

  @Test
  void tellsWhatRetentionRemovedBeforeACursor() {
    Retention retention =
        new Retention(
            ByteSize.ofKibibytes(256),
            Retention.FOREVER.age(),
            Retention.FOREVER.freeDiskFloor(),
            false);
    LocalBrokerConfig forgetful =
        LocalBrokerConfig.defaults().withRecentBytes(ByteSize.ofKibibytes(16));
    EmbeddedEngineConfig config = small().withRetention(retention);
    try (Core core = new Core(config, forgetful, new FileDisk(), Clock.SYSTEM)) {
      fill(core, 0, 100);
      Eventually.eventually("segments go", () -> core.engine.firstOffset(0) > 20);
      long first = core.engine.firstOffset(0);
      Start cursor = new Start.At(Cursor.of(new Position("main", 0, 3)));

      Recorder behind = core.read("a", cursor);
      Recorder fresh = core.read("a", new Start.First());

      assertThat(behind.gaps()).hasSize(1);
      Recorder.GapSeen gap = behind.gaps().getFirst();
      assertThat(gap.reason()).isEqualTo(GapReason.RETENTION);
      assertThat(gap.from().offset()).isEqualTo(3);
      assertThat(gap.toOffset()).isGreaterThanOrEqualTo(first);
      assertThat(behind.offsets().getFirst()).isEqualTo(gap.toOffset());
      assertThat(behind.offsets()).hasSize((int) (100 - gap.toOffset()));
      assertThat(fresh.gaps()).isEmpty();
      assertThat(core.broker.stats().gaps()).isEqualTo(1);
    }
  }

  @Test
  void tellsWhatTheDiskDamagedAndGoesOn() throws IOException {
    try (Core core = Core.in(small())) {
      fill(core, 0, 30);
    }
    flipByte(firstSegment(), 25_000);
    try (Core core = Core.in(small())) {
      Recorder all = core.read("a", new Start.First());

      assertThat(all.gaps()).isNotEmpty();
      List<Long> seen = new ArrayList<>(all.offsets());
      for (Recorder.GapSeen gap : all.gaps()) {
        assertThat(gap.reason()).isEqualTo(GapReason.DAMAGE);
        for (long lost = gap.from().offset(); lost < gap.toOffset(); lost++) {
          seen.add(lost);
        }
      }
      seen.sort(null);
      assertThat(seen).isEqualTo(Stream.iterate(0L, i -> i + 1).limit(30).toList());
      assertThat(all.offsets()).hasSizeGreaterThan(20);
    }
  }

  private Path firstSegment() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("main").resolve("0"))) {
      return files
          .filter(file -> file.toFile().length() > 40_000)
          .min(Path::compareTo)
          .orElseThrow();
    }
  }

  private static void flipByte(Path file, long position) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      channel.read(one, position);
      one.put(0, (byte) (one.get(0) ^ 0xff)).rewind();
      channel.write(one, position);
    }
  }

  @Test
  void tellsABatchThatDoesNotDecodeAsDamaged() throws IOException {
    Bytes header = BatchHeader.of(List.of("a", "b")).encode();
    Bytes garbage = Bytes.wrap(new byte[] {1, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9});
    append(LogEntry.data(4, header, garbage));
    try (Core core = Core.in(directory)) {
      core.publish(Batches.numbered("a", 0, 2));

      Recorder all = core.read("a", new Start.First());

      assertThat(all.bodies()).containsExactly("0", "1");
      assertThat(all.gaps())
          .containsExactly(new Recorder.GapSeen(new Position("main", 0, 0), 4, GapReason.DAMAGE));
      assertThat(core.read("a", new Start.Last(5)).bodies()).containsExactly("0", "1");
    }
  }

  /// Puts a frame into the log behind the engine's back.
  private void append(LogEntry entry) throws IOException {
    LogConfig config =
        LogConfig.of("raw", directory.resolve("main").resolve("0"))
            .withTopics((header, topics) -> BatchHeader.decode(header).topics().forEach(topics));
    try (Log log = Log.open(config, new FileDisk(), Clock.SYSTEM, LogHooks.NONE)) {
      CompletableFuture<Long> offset = new CompletableFuture<>();
      assertThat(log.offer(entry, new Waiting(offset))).isTrue();
      assertThat(offset.join()).isZero();
    }
  }

  private record Waiting(CompletableFuture<Long> offset) implements AppendListener {
    @Override
    public void durable(
        long baseOffset, long commitMicros, long queueMicros, long timestampMicros) {
      offset.complete(baseOffset);
    }

    @Override
    public void failed(WeirException cause) {
      offset.completeExceptionally(cause);
    }
  }
}
