package dev.weir.broker;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.embedded.EmbeddedEngineConfig;
import dev.weir.log.FileDisk;
import dev.weir.message.Message;
import dev.weir.message.Retain;
import dev.weir.message.TopicFilter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A core in which two topics may have a retained message.
@Timeout(60)
final class RetainedLimitTest {
  @TempDir Path directory;
  private Core core;

  @BeforeEach
  void open() {
    core =
        new Core(
            EmbeddedEngineConfig.of(directory),
            LocalBrokerConfig.defaults().withMaxRetainedTopics(2),
            new FileDisk(),
            Clock.SYSTEM);
    keep("a", "1");
    keep("b", "1");
    eventually("both are kept", () -> core.broker.stats().retainedTopics() == 2);
  }

  @AfterEach
  void close() {
    core.close();
  }

  private void keep(String topic, String body) {
    core.broker.publish(Retain.asked(Message.of(topic, body))).toCompletableFuture().join();
  }

  private void assertFull(String topic) {
    assertThatThrownBy(() -> keep(topic, "1"))
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            WeirException.class,
            cause -> assertThat(cause.code()).isEqualTo(ErrorCode.RETAINED_FULL))
        .hasMessageContaining("'" + topic + "'")
        .hasMessageContaining("2 that may");
  }

  @Test
  void refusesATopicBeyondThem() throws IOException, InterruptedException {
    assertFull("c");

    assertThat(core.broker.retained(TopicFilter.ALL, "", 10).messages()).hasSize(2);
    assertThat(core.broker.stats().refusedRetained()).isEqualTo(1);
    assertThat(core.bodies("c")).isEmpty();
  }

  @Test
  void changesAndClearsThoseThatThereAre() throws IOException, InterruptedException {
    keep("a", "2");
    keep("b", "");
    eventually("there is room", () -> core.broker.stats().retainedTopics() == 1);
    keep("c", "1");

    assertThat(core.broker.retained(TopicFilter.ALL, "", 10).messages())
        .extracting(kept -> kept.message().topic() + kept.message().body().utf8())
        .containsExactly("a2", "c1");
  }

  @Test
  void takesEverythingElse() {
    core.broker.publish(Message.of("c", "plain")).toCompletableFuture().join();
    keep("c", ""); // Nothing is there to be cleared, and nothing is kept.

    assertThat(core.bodies("c")).containsExactly("plain", "");
  }

  /// A lane goes on behind the batch that is refused for ever.
  @Test
  void passesABatchOnALane() {
    core.resume(0, 1);
    Message full = Retain.asked(Message.of("c", "1"));

    Outcome refused = core.offer(Batches.of(full), Batches.at(0, 1));
    Outcome next = core.offer(Batches.of(Message.of("d", "1")), Batches.at(0, 2));

    assertThat(refused.failure().code()).isEqualTo(ErrorCode.RETAINED_FULL);
    next.receipt();
    assertThat(core.bodies("d")).isEqualTo(List.of("1"));
  }
}
