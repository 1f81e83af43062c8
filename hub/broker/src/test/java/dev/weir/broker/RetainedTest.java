package dev.weir.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.broker.embedded.EmbeddedEngineConfig;
import dev.weir.log.Retention;
import dev.weir.message.Message;
import dev.weir.message.Retain;
import dev.weir.message.TopicFilter;
import dev.weir.testkit.Eventually;
import dev.weir.testkit.Seeds;
import dev.weir.testkit.SimDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class RetainedTest {
  @TempDir Path directory;

  private static Message kept(String topic, String body) {
    return Retain.asked(Message.of(topic, body));
  }

  private static void publish(Core core, Message... messages) {
    for (Message message : messages) {
      core.broker.publish(message).toCompletableFuture().join();
    }
  }

  /// Topic and body of everything retained, page by page.
  private static Map<String, String> retained(Core core, String filter, int pageSize)
      throws IOException, InterruptedException {
    Map<String, String> all = new TreeMap<>();
    String after = "";
    do {
      RetainedPage page = core.broker.retained(TopicFilter.parse(filter), after, pageSize);
      page.messages()
          .forEach(each -> all.put(each.message().topic(), each.message().body().utf8()));
      after = page.after();
    } while (!after.isEmpty());
    return all;
  }

  private static Recorder subscribe(Core core, String filter, Start start) {
    Recorder recorder = new Recorder();
    SubscriptionRequest request = SubscriptionRequest.of(filter, start).withRetained();
    recorder.subscription(core.broker.subscribe(request, recorder));
    recorder.subscription().grant(Long.MAX_VALUE);
    return recorder;
  }

  @Test
  void keepsTheLastOfEachTopic() throws Exception {
    try (Core core = Core.in(directory)) {
      publish(
          core,
          kept("plant/1/temp", "20"),
          kept("plant/2/temp", "30"),
          kept("plant/1/temp", "21"),
          Message.of("plant/1/temp", "not kept"),
          kept("other", "x"));

      assertThat(retained(core, "plant/+/temp", 10))
          .isEqualTo(Map.of("plant/1/temp", "21", "plant/2/temp", "30"));
      assertThat(retained(core, "#", 1)).hasSize(3);
      assertThat(retained(core, "plant/#", 1)).hasSize(2);
      assertThat(retained(core, "plant/3/temp", 10)).isEmpty();
    }
  }

  @Test
  void forgetsWhatAnEmptyBodyClears() throws Exception {
    try (Core core = Core.in(directory)) {
      publish(core, kept("a", "1"), kept("b", "2"), Retain.clearing("a"));

      assertThat(retained(core, "#", 10)).isEqualTo(Map.of("b", "2"));
    }
    try (Core core = Core.in(directory)) {
      assertThat(retained(core, "#", 10)).isEqualTo(Map.of("b", "2"));
    }
  }

  @Test
  void leavesOutWhatHasExpired() throws Exception {
    try (Core core = Core.in(directory)) {
      publish(core, kept("a", "1").withTtl(Duration.ofMillis(1)), kept("b", "2"));

      Eventually.eventually("a is gone", () -> core.broker.stats().storedMessages() == 2);
      Map<String, String> seen = retained(core, "#", 10);
      while (seen.containsKey("a")) {
        seen = retained(core, "#", 10);
      }

      assertThat(seen).isEqualTo(Map.of("b", "2"));
    }
  }

  @Test
  void beginsASubscriptionWithWhatIsRetainedAndGoesOnLive() {
    try (Core core = Core.in(directory)) {
      publish(core, kept("a/1", "one"), kept("a/2", "two"), kept("b", "no"), kept("a/1", "1"));

      Recorder recorder = subscribe(core, "a/#", new Start.Live());
      recorder.awaitMessages(2);
      publish(core, kept("a/3", "live"));
      recorder.awaitMessages(3);

      assertThat(recorder.bodies()).containsExactly("1", "two", "live");
      assertThat(recorder.messages().getFirst().headers()).containsKey(Retain.REPLAYED);
      assertThat(recorder.messages().getLast().headers()).containsKey(Retain.HEADER);
      assertThat(recorder.deliveries().getFirst().isRetained()).isTrue();
      assertThat(recorder.deliveries().getLast().isRetained()).isFalse();
    }
  }

  @Test
  void bringsNothingTwiceToASubscriptionOverHistory() {
    try (Core core = Core.in(directory)) {
      publish(core, kept("a", "1"), kept("b", "2"));

      Recorder recorder = subscribe(core, "#", new Start.Last(1));
      recorder.awaitMessages(2);
      publish(core, Message.of("c", "3"));
      recorder.awaitMessages(3);

      assertThat(recorder.bodies()).containsExactly("1", "2", "3");
      assertThat(recorder.deliveries().get(1).isRetained()).isFalse();
    }
  }

  @Test
  void deliversRetainedWithinTheCredit() {
    try (Core core = Core.in(directory)) {
      publish(core, kept("a", "1"), kept("b", "2"), kept("c", "3"));

      Recorder recorder = new Recorder();
      Subscription subscription =
          core.broker.subscribe(
              SubscriptionRequest.of("#", new Start.Live()).withRetained(), recorder);
      subscription.grant(2);
      recorder.awaitMessages(2);
      assertThat(subscription.stats().creditLeft()).isZero();
      subscription.grant(3);

      assertThat(recorder.awaitMessages(3).bodies()).containsExactly("1", "2", "3");
    }
  }

  @Test
  void keepsTheCursorWhereTheStartIs() {
    try (Core core = Core.in(directory)) {
      publish(core, kept("a", "1"), Message.of("b", "2"));

      Recorder recorder = subscribe(core, "a", new Start.Live());
      recorder.awaitMessages(1);

      assertThat(recorder.subscription().cursor().positions().getFirst().offset()).isEqualTo(2);
      assertThat(recorder.deliveries().getFirst().nextOffset()).isEqualTo(2);
      assertThat(recorder.deliveries().getFirst().base().offset()).isZero();
    }
  }

  @Test
  void outlivesTheRetentionOfTheStream() throws Exception {
    EmbeddedEngineConfig config =
        EmbeddedEngineConfig.of(directory)
            .withSizes(ByteSize.ofKibibytes(64), ByteSize.ofKibibytes(64))
            .withRetention(
                new Retention(
                    ByteSize.ofKibibytes(64), Duration.ofDays(1), new ByteSize(0), false));
    String filler = "x".repeat(16 << 10);
    try (Core core = Core.in(config)) {
      publish(core, kept("state", "on"));
      for (int i = 0; i < 64; i++) {
        publish(core, Message.of("noise", filler));
      }
      Eventually.eventually("retention took it", () -> core.engine.firstOffset(0) > 0);

      assertThat(retained(core, "state", 10)).isEqualTo(Map.of("state", "on"));
    }
    try (Core core = Core.in(config)) {
      assertThat(retained(core, "state", 10)).isEqualTo(Map.of("state", "on"));
    }
  }

  @Test
  void givesBackTheSpaceOfWhatWasReplaced() throws Exception {
    EmbeddedEngineConfig config =
        EmbeddedEngineConfig.of(directory)
            .withSizes(ByteSize.ofKibibytes(64), ByteSize.ofMebibytes(1));
    String filler = "x".repeat(4 << 10);
    Map<String, String> expected = new TreeMap<>();
    try (Core core = Core.in(config)) {
      for (int i = 0; i < 600; i++) {
        String topic = "t/" + i % 7;
        String body = i + filler;
        publish(core, kept(topic, body));
        expected.put(topic, body);
      }
      assertThat(retained(core, "#", 10)).isEqualTo(expected);
      Path store = directory.resolve("main").resolve("retained");
      Eventually.eventually("at most a dozen segments are left", () -> bytes(store) < 1 << 20);
    }
    try (Core core = Core.in(config)) {
      assertThat(retained(core, "#", 10)).isEqualTo(expected);
    }
  }

  @Test
  void givesBackTheSpaceOfWhatWasReplacedAllAtOnce() throws Exception {
    EmbeddedEngineConfig config =
        EmbeddedEngineConfig.of(directory)
            .withSizes(ByteSize.ofKibibytes(64), ByteSize.ofMebibytes(1));
    Path store = directory.resolve("main").resolve("retained");
    Path early = directory.resolve("early");
    try (Core core = Core.in(config)) {
      publish(core, kept("t/0", "the first"));
    }
    copy(store, early);
    try (Core core = Core.in(config)) {
      for (int i = 0; i < 600; i++) {
        publish(core, kept("t/" + i % 7, i + "x".repeat(4 << 10)));
      }
    }
    copy(early, store);
    try (Core core = Core.in(config)) { // It copies all of the stream in one go.
      assertThat(retained(core, "#", 10)).hasSize(7);
      Eventually.eventually("at most a dozen segments are left", () -> bytes(store) < 1 << 20);
    }
  }

  /// Makes a directory of files what another is.
  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (var old = Files.list(to)) {
      for (Path file : old.toList()) {
        Files.delete(file);
      }
    }
    try (var files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  private static long bytes(Path store) {
    try (var files = Files.list(store)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void keepsWhatCameInOneLargeBatch() throws Exception {
    try (Core core = Core.in(directory)) {
      List<Message> messages = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        messages.add(kept("t/" + i, "" + i).withTimeMicros(1));
      }
      publish(core, kept("first", "makes the store"));
      core.publish(Batches.of(0, messages));

      assertThat(retained(core, "t/#", 1_000)).hasSize(200);
    }
  }

  /// A crash between the stream's commit and the copy must not lose the copy.
  @RepeatedTest(20)
  void isRightAfterThePowerWent() throws Exception {
    RandomGenerator random = Seeds.random("RetainedTest");
    EmbeddedEngineConfig config =
        EmbeddedEngineConfig.of(Path.of("data"))
            .withSizes(ByteSize.ofKibibytes(64), ByteSize.ofKibibytes(64));
    SimDisk disk = new SimDisk();
    Map<String, String> expected = new TreeMap<>();
    for (int round = 0; round < 4; round++) {
      Core core = new Core(config, LocalBrokerConfig.defaults(), disk, Clock.SYSTEM);
      for (int i : IntStream.range(0, random.nextInt(1, 40)).toArray()) {
        String topic = "t/" + random.nextInt(8);
        boolean isClearing = random.nextInt(5) == 0;
        String body = isClearing ? "" : round + "." + i;
        publish(core, Retain.asked(Message.of(topic, Bytes.utf8(body))));
        if (isClearing) {
          expected.remove(topic);
        } else {
          expected.put(topic, body);
        }
      }
      disk.crash();
      core.close();
      disk = disk.afterCrash(random);
      try (Core again = new Core(config, LocalBrokerConfig.defaults(), disk, Clock.SYSTEM)) {
        assertThat(retained(again, "#", 3)).isEqualTo(expected);
      }
    }
  }
}
