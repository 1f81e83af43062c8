package dev.weir.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.embedded.EmbeddedEngineConfig;
import dev.weir.log.FileDisk;
import dev.weir.message.Message;
import dev.weir.message.Receipt;
import dev.weir.testkit.Seeds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Messages that are published side by side.
@Timeout(60)
final class PublishEachTest {
  @TempDir Path directory;

  private static SideBySide publish(Core core, List<Message> messages) {
    SideBySide told = new SideBySide();
    core.broker.publishEach(messages, told);
    return told.await(messages.size());
  }

  private static List<Message> numbered(String topic, int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> Message.of(topic, Integer.toString(i))).toList();
  }

  @Test
  void neighboursOfOneTopicAreOneBatchAndEachHasItsPlace() {
    try (Core core = Core.in(directory)) {
      List<Message> messages = new ArrayList<>(numbered("a", 0, 300));
      messages.addAll(numbered("b", 300, 301));
      messages.addAll(numbered("a", 301, 400));

      SideBySide told = publish(core, messages);

      assertThat(told.faults()).isEmpty();
      assertThat(told.calls()).isEqualTo(3);
      assertThat(core.broker.stats().storedBatches()).isEqualTo(3);
      assertThat(core.bodies("#")).containsExactlyElementsOf(bodies(messages));
      for (int i = 0; i < 400; i++) {
        assertThat(told.offset(i)).isEqualTo(i);
        assertThat(told.receipt(i).isDuplicate()).isFalse();
      }
      assertThat(core.read("#", new Start.First()).messages())
          .allMatch(message -> message.timeMicros() > 0);
    }
  }

  private static List<String> bodies(List<Message> messages) {
    return messages.stream().map(each -> each.body().utf8()).toList();
  }

  @Test
  void batchesAreBounded() {
    try (Core core = Core.in(directory)) {
      List<Message> messages = new ArrayList<>(numbered("a", 0, 3_000));
      for (int i = 0; i < 20; i++) {
        messages.add(Message.of("a", i + "x".repeat(100_000)));
      }
      messages.add(Message.of("a", "y".repeat(2 << 20)));

      SideBySide told = publish(core, messages);

      assertThat(told.faults()).isEmpty();
      assertThat(core.broker.stats().storedBatches()).isBetween(16L, 20L);
      assertThat(core.bodies("a")).containsExactlyElementsOf(bodies(messages));
    }
  }

  @Test
  void oneThatIsRefusedHarmsNoOther() {
    LocalBrokerConfig limits =
        LocalBrokerConfig.defaults().withMaxMessageBytes(ByteSize.ofKibibytes(1));
    try (Core core =
        new Core(EmbeddedEngineConfig.of(directory), limits, new FileDisk(), Clock.SYSTEM)) {
      List<Message> messages = new ArrayList<>(numbered("a", 0, 10));
      messages.set(4, Message.of("a", "x".repeat(2_000)));
      messages.addAll(numbered("$queue/none", 10, 12));
      messages.addAll(numbered("a", 12, 15));

      SideBySide told = publish(core, messages);

      assertThat(told.faults().keySet()).containsExactly(4, 10, 11);
      assertThat(told.fault(4).code()).isEqualTo(ErrorCode.TOO_LARGE);
      assertThat(told.fault(11).code()).isEqualTo(ErrorCode.INVALID_TOPIC);
      assertThat(core.bodies("a"))
          .containsExactly("0", "1", "2", "3", "5", "6", "7", "8", "9", "12", "13", "14");
      assertThat(told.offset(5)).isEqualTo(4);
    }
  }

  @Test
  void whatIsStoredAlreadyIsToldWhereAndTheRestIsStored() {
    try (Core core = Core.in(directory)) {
      publish(core, List.of(Batches.withId("a", "first", "id 0")));
      List<Message> messages =
          List.of(
              Batches.withId("a", "1", "id 1"),
              Batches.withId("a", "again", "id 0"),
              Batches.withId("a", "2", "id 2"),
              Batches.withId("a", "twice", "id 2"),
              Message.of("a", "3"));

      SideBySide told = publish(core, messages);
      SideBySide later = publish(core, messages);

      assertThat(core.bodies("a")).containsExactly("first", "1", "2", "3", "3");
      assertThat(told.receipts().values().stream().map(Receipt::isDuplicate))
          .containsExactly(false, true, false, true, false);
      assertThat(told.offset(1)).isZero();
      assertThat(told.offset(3)).isEqualTo(told.offset(2)).isEqualTo(2);
      assertThat(later.receipts().values().stream().map(Receipt::isDuplicate))
          .containsExactly(true, true, true, true, false);
      assertThat(later.offset(0)).isEqualTo(told.offset(0)).isEqualTo(1);
    }
  }

  @Test
  void whatIsSentAgainWhileItIsOnItsWayIsStoredOnce() {
    try (Core core = Core.in(directory)) {
      List<SideBySide> told = new ArrayList<>();
      for (int from = 0; from < 400; from += 10) {
        List<Message> messages =
            IntStream.range(from, from + 40)
                .mapToObj(i -> Batches.withId("a", Integer.toString(i), "id " + i))
                .toList();
        SideBySide each = new SideBySide();
        core.broker.publishEach(messages, each);
        told.add(each);
      }
      told.forEach(each -> each.await(40));

      assertThat(core.bodies("a")).containsExactlyElementsOf(bodies(numbered("a", 0, 430)));
      for (int batch = 0; batch < told.size(); batch++) {
        for (int i = 0; i < 40; i++) {
          assertThat(told.get(batch).offset(i)).isEqualTo(10L * batch + i);
        }
      }
    }
  }

  @Test
  void keysKeepTheirPartition() {
    RandomGenerator random = Seeds.random("PublishEachTest");
    EmbeddedEngineConfig config = EmbeddedEngineConfig.of(directory).withPartitions(3);
    try (Core core = Core.in(config)) {
      List<Message> messages = new ArrayList<>();
      Map<Integer, Integer> partitions = new HashMap<>();
      for (int i = 0; i < 500; i++) {
        Bytes key = Bytes.utf8("key" + i / 7 % 10);
        messages.add(Message.of("a", Integer.toString(i)).withKey(key));
      }
      int from = 0;
      while (from < messages.size()) {
        int end = Math.min(messages.size(), from + 1 + random.nextInt(60));
        SideBySide told = publish(core, messages.subList(from, end));
        for (int i = from; i < end; i++) {
          int partition = told.receipt(i - from).position().partition();
          assertThat(partitions.merge(i / 7 % 10, partition, (a, _) -> a)).isEqualTo(partition);
        }
        from = end;
      }
      int alone =
          core.broker
              .publish(messages.getFirst())
              .toCompletableFuture()
              .join()
              .position()
              .partition();

      assertThat(alone).isEqualTo(partitions.get(0));
      assertThat(partitions.values()).contains(0, 1, 2);
    }
  }

  @Test
  void waitsForRoomInOrderUpToALimit() {
    EmbeddedEngineConfig config =
        EmbeddedEngineConfig.of(directory)
            .withSizes(ByteSize.ofMebibytes(1), ByteSize.ofKibibytes(64));
    try (Core core = Core.in(config)) {
      List<Message> messages =
          IntStream.range(0, 5_000)
              .mapToObj(i -> Message.of("a", i + " " + "x".repeat(2_000)))
              .toList();

      SideBySide told = publish(core, messages);

      assertThat(told.faults().values())
          .extracting(WeirException::code)
          .containsOnly(ErrorCode.OVERLOADED);
      assertThat(told.receipts()).hasSizeGreaterThan(1_000);
      List<Integer> numbers =
          core.bodies("a").stream().map(b -> Integer.valueOf(b.split(" ", 2)[0])).toList();
      assertThat(numbers).containsExactlyElementsOf(told.receipts().keySet());
    }
  }
}
