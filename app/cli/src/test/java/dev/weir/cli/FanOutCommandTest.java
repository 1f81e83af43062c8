package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.client.Delivered;
import dev.weir.client.QueueConfig;
import dev.weir.client.SlowPolicy;
import dev.weir.client.Start;
import dev.weir.client.SubscribeOptions;
import dev.weir.client.Subscription;
import dev.weir.client.WeirClient;
import dev.weir.message.Message;
import dev.weir.message.Receipt;
import dev.weir.message.Retain;
import dev.weir.node.CoreNode;
import dev.weir.testkit.Eventually;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Retained messages, groups, slow readers and whole batches, from the command line and Java,
/// against a real core in this process.
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FanOutCommandTest {
  private CoreNode core;
  private WeirClient client;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    core = CoreNode.start(TestCores.config(directory), "test", Clock.SYSTEM);
    client = WeirClient.connect(URI.create("weir://" + core.address()));
  }

  @AfterAll
  void stop() {
    client.close();
    core.close();
  }

  private CapturedTerminal run(int exit, String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.add("-s");
    all.add("weir://" + core.address());
    CapturedTerminal terminal = new CapturedTerminal();
    assertThat(terminal.run(all.toArray(String[]::new))).as(terminal.err()).isEqualTo(exit);
    assertThat(terminal.err()).doesNotContain("\tat ");
    return terminal;
  }

  @Test
  void keepsShowsAndClearsTheLastOfATopic() {
    run(0, "pub", "plant/1/state", "off", "--retain");
    run(0, "pub", "plant/1/state", "on", "--retain");
    run(0, "pub", "plant/2/state", "idle", "--retain");

    assertThat(run(0, "topic", "retained", "plant/+/state").out())
        .isEqualTo("plant/1/state  on\nplant/2/state  idle\n");
    assertThat(run(0, "topic", "retained", "plant/+/state", "--limit", "1").err())
        .contains("cut at 1");
    assertThat(run(0, "sub", "plant/#", "--retained", "-n", "2", "--format", "ndjson").out())
        .contains("\"body\":\"on\"", "\"retained\":true")
        .hasLineCount(2);
    run(0, "pub", "plant/1/state", "", "--retain");
    assertThat(run(0, "topic", "retained", "plant/#").out()).isEqualTo("plant/2/state  idle\n");
  }

  @Test
  void listsMoreThanAPageAndGoesOnLive() {
    for (int i = 0; i < 300; i++) {
      var _ = client.publishAsync(Retain.asked(Message.of("many/" + i, "" + i)));
    }
    client.publish(Retain.asked(Message.of("many/last", "last")));
    SubscribeOptions options = SubscribeOptions.of("many/#", Start.live()).beginningWithRetained();
    try (Subscription subscription = client.subscribe(options)) {
      for (int i = 0; i < 301; i++) {
        Delivered kept = subscription.take();
        assertThat(kept.isRetained()).isTrue();
      }
      client.publish(Message.of("many/live", "live"));
      Delivered live = subscription.take();

      assertThat(live.text()).isEqualTo("live");
      assertThat(live.isRetained()).isFalse();
    }
    int listed = 0;
    for (Delivered _ : client.retained("many/+")) {
      listed++;
    }
    assertThat(listed).isEqualTo(301);
  }

  @Test
  void continuesBehindARetainedMessageWhereTheSubscriptionBegan() {
    client.publish(Retain.asked(Message.of("resume/a", "state")));
    Delivered kept;
    try (Subscription subscription =
        client.subscribe(SubscribeOptions.of("resume/#", Start.live()).beginningWithRetained())) {
      kept = subscription.take();
    }
    client.publish(Message.of("resume/b", "after"));

    try (Subscription subscription = client.subscribe("resume/#", Start.from(kept.cursor()))) {
      assertThat(subscription.take().text()).isEqualTo("after");
    }
  }

  @Test
  void sharesTopicsWithinAGroup() {
    run(0, "pub", "shop/1", "old", "--key", "k");
    assertThat(run(0, "sub", "shop/#", "--group", "billing", "--from", "first", "-n", "1").out())
        .isEqualTo("old\n");
    run(0, "pub", "shop/2", "new", "--key", "k");

    assertThat(run(0, "sub", "--group", "billing", "-n", "1").out()).isEqualTo("new\n");
    assertThat(run(0, "group", "ls").out()).contains("billing");
    assertThat(run(0, "group", "info", "billing").out()).contains("shop/#");
    assertThat(run(4, "sub", "other/#", "--group", "billing").err()).contains("other settings");
    run(0, "group", "rm", "billing", "--force");
    run(3, "sub", "--group", "billing");
    run(2, "sub");
    run(2, "sub", "a", "--slow", "sometimes");
  }

  @Test
  void makesAGroupFromJava() {
    client.publish(Message.of("java/1", "old"));
    var _ = client.queues().create(QueueConfig.group("java", List.of("java/#")), Start.last(1));

    assertThat(client.queues().figures("java").config().order()).isEqualTo(QueueConfig.Order.KEY);
    assertThat(run(0, "queue", "consume", "java", "-n", "1").out()).isEqualTo("old\n");
  }

  @Test
  void publishesMessagesTogether() {
    Receipt receipt = client.publishTogether(List.of(Message.of("t", "1"), Message.of("t", "2")));

    try (Subscription subscription = client.subscribe("t", Start.first())) {
      assertThat(subscription.take().position()).isEqualTo(receipt.position());
      assertThat(subscription.take().text()).isEqualTo("2");
    }
    assertThatThrownBy(
            () -> client.publishTogether(List.of(Message.of("t", "1"), Message.of("u", "2"))))
        .isInstanceOfSatisfying(
            WeirException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED));
  }

  @Test
  void endsAReaderThatIsSlowWhenItAskedForThat() {
    SubscribeOptions options =
        SubscribeOptions.of("slow", Start.live())
            .withBufferMessages(1)
            .withSlow(SlowPolicy.of(SlowPolicy.Action.DISCONNECT).withMaxBehind(5));
    try (Subscription subscription = client.subscribe(options)) {
      Eventually.eventually(
          "it is open",
          () -> {
            client.publish(Message.of("slow", "first"));
            return subscription.poll(Duration.ofMillis(100)).isPresent();
          });
      for (int i = 0; i < 50; i++) {
        client.publish(Message.of("slow", "" + i));
      }

      assertThatThrownBy(
              () -> {
                while (true) {
                  subscription.take();
                }
              })
          .isInstanceOfSatisfying(
              WeirException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SLOW_CONSUMER));
    }
  }
}
