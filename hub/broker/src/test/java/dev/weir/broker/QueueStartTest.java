package dev.weir.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.message.Message;
import dev.weir.message.Receipt;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class QueueStartTest {
  @TempDir Path directory;

  private static void publish(Core core, int count) {
    for (int i = 0; i < count; i++) {
      core.broker.publish(Message.of("a/" + i % 2, "" + i)).toCompletableFuture().join();
    }
  }

  private static void create(Core core, Start start) {
    core.broker
        .queues()
        .create(QueueSpec.of("group").withFilters("a/0"), start)
        .toCompletableFuture()
        .join();
  }

  @Test
  void beginsWithTheHistoryOfItsFilters() {
    try (Core core = Core.in(directory)) {
      publish(core, 6);

      create(core, new Start.First());

      try (Taker taker = Taker.at(core, "group", 10)) {
        taker.awaitBodies("0", "2", "4");
      }
    }
  }

  @Test
  void beginsWithTheLastOfThemAndKeepsThatAcrossAStart() {
    try (Core core = Core.in(directory)) {
      publish(core, 6);
      create(core, new Start.Last(2));
    }
    try (Core core = Core.in(directory)) {
      create(core, new Start.First());

      try (Taker taker = Taker.at(core, "group", 10)) {
        taker.awaitBodies("2", "4");
      }
    }
  }

  @Test
  void beginsAtATimeAndBehindACursor() {
    try (Core core = Core.in(directory)) {
      publish(core, 4);
      create(core, new Start.AtTime(0));
      try (Taker taker = Taker.at(core, "group", 10)) {
        taker.awaitBodies("0", "2");
      }
      core.broker
          .queues()
          .create(
              QueueSpec.of("other").withFilters("a/#"),
              new Start.At(core.read("a/#", new Start.Last(1)).awaitOpen()))
          .toCompletableFuture()
          .join();
      try (Taker taker = Taker.at(core, "other", 10)) {
        taker.awaitBodies("3");
      }
    }
  }

  @Test
  void storesMessagesTogether() {
    try (Core core = Core.in(directory)) {
      List<Message> batch = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        batch.add(Message.of("a", "" + i));
      }

      Receipt receipt = core.broker.publishTogether(batch).toCompletableFuture().join();

      assertThat(receipt.position().offset()).isZero();
      assertThat(core.read("a", new Start.First()).deliveries()).hasSize(1);
      assertThat(core.bodies("a")).containsExactly("0", "1", "2", "3", "4");
    }
  }

  @Test
  void refusesWhatCannotBeTogetherAndStoresNoneOfIt() {
    try (Core core = Core.in(directory)) {
      Message large = Message.of("a", Bytes.wrap(new byte[9 << 20]));

      assertRefused(core, ErrorCode.MALFORMED, List.of());
      assertRefused(core, ErrorCode.MALFORMED, List.of(Message.of("a", "1"), Message.of("b", "2")));
      assertRefused(core, ErrorCode.TOO_LARGE, List.of(large, large));
      assertRefused(
          core, ErrorCode.TOO_LARGE, java.util.Collections.nCopies(1_001, Message.of("a", "x")));
      assertRefused(core, ErrorCode.INVALID_TOPIC, List.of(Message.of("$weir/x", "1")));

      assertThat(core.broker.stats().storedMessages()).isZero();
    }
  }

  private static void assertRefused(Core core, ErrorCode code, List<Message> messages) {
    assertThatThrownBy(() -> core.broker.publishTogether(messages).toCompletableFuture().join())
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            WeirException.class, fault -> assertThat(fault.code()).isEqualTo(code));
  }
}
