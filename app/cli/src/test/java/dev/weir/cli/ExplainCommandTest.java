package dev.weir.cli;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.broker.QueueSpec;
import dev.weir.client.ConsumeOptions;
import dev.weir.client.HeldMessage;
import dev.weir.client.Membership;
import dev.weir.client.QueueConsumer;
import dev.weir.client.RespondOptions;
import dev.weir.client.Responder;
import dev.weir.client.Start;
import dev.weir.client.SubscribeOptions;
import dev.weir.client.Subscription;
import dev.weir.client.WeirClient;
import dev.weir.message.Message;
import dev.weir.message.Position;
import dev.weir.node.CoreNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `weir explain` against a real core in this process.
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ExplainCommandTest {
  private static final Duration FIVE = Duration.ofSeconds(5);

  private CoreNode core;
  private String url;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    core = CoreNode.start(TestCores.config(directory), "test", Clock.SYSTEM);
    url = "weir://" + core.address();
    core.broker()
        .queues()
        .create(QueueSpec.of("jobs").withFilters("jobs/#"))
        .toCompletableFuture()
        .join();
  }

  @AfterAll
  void stop() {
    core.close();
  }

  private Served.Ended run(int exit, String... words) {
    List<String> all = new ArrayList<>(List.of("explain"));
    all.addAll(List.of(words));
    Served.Ended ended = Served.run(url, null, all, List.of());
    assertThat(ended.exit()).as(ended.out() + ended.err()).isEqualTo(exit);
    return ended;
  }

  private WeirClient client() {
    return WeirClient.connect(URI.create(url));
  }

  /// The number of the client's connection that has a subscription or consumer.
  private long connection(String part) {
    List<String> found = new ArrayList<>();
    eventually(
        "its connection is found",
        () -> {
          Served.Ended listed = Served.run(url, null, List.of("client", "ls"), List.of("--json"));
          for (String line : listed.out().lines().toList()) {
            String id = line.replaceFirst(".*\"id\":(\\d+),.*", "$1");
            if (run(0, "client", id).out().contains(part)) {
              found.add(id);
              return true;
            }
          }
          return false;
        });
    return Long.parseLong(found.getFirst());
  }

  @Test
  void saysWhatASubscriptionWaitsFor() {
    try (WeirClient client = client();
        Subscription subscription =
            client.subscribe(SubscribeOptions.of("slow/#", Start.live()).withBufferMessages(1))) {
      Position first = client.publish(Message.of("slow/a", "1")).position();
      eventually(
          "it is open", () -> run(0, "message", first.toString()).out().contains("subscription"));
      Position last = first;
      for (int i = 0; i < 5; i++) {
        last = client.publish(Message.of("slow/a", "x")).position();
      }
      String position = last.toString();

      eventually(
          "it waits for credit",
          () -> run(0, "message", position).out().contains("waits for credit"));
      assertThat(run(0, "message", position, "--json").out())
          .contains("\"what\":\"message\"", "\"fate\":\"stored\"", "\"topic\":\"slow/a\"")
          .contains("\"relation\":\"behind\"", "\"state\":\"waiting-for-credit\"");
      long id = connection("subscription");
      assertThat(run(0, "client", "" + id).out())
          .contains("slow/#", "waits for credit, its client has allowed no more", "opened");
      assertThat(run(0, "client", "" + id, "--json").out())
          .contains("\"what\":\"subscription\"", "\"state\":\"waiting-for-credit\"");
      assertThat(subscription.isEnded()).isFalse();
    }
  }

  @Test
  void followsAMessageOfAQueue() {
    List<HeldMessage> held = new CopyOnWriteArrayList<>();
    try (WeirClient client = client();
        QueueConsumer _ =
            client
                .queues()
                .consume(ConsumeOptions.of("jobs").withPrefetch(1).settledByHand(), held::add)) {
      Position position =
          client
              .publish(
                  Message.of("jobs/1", "x")
                      .withId(Bytes.utf8("job-17"))
                      .withKey(Bytes.utf8("tenant-3")))
              .position();
      eventually("it is held", () -> held.size() == 1);

      assertThat(run(0, "message", position.toString()).out())
          .contains("jobs/1, 1 bytes, key tenant-3, id job-17", "queue jobs: held by 127.0.0.1:")
          .contains("handed-out to 127.0.0.1:");
      long id = connection("consumer");
      assertThat(run(0, "client", "" + id).out())
          .contains("consumer of queue jobs: holds 1 of 1: it gets no more before it settles some");

      held.getFirst().ack().join();

      assertThat(run(0, "message", "--id", "job-17").out())
          .contains("queue jobs: has it no more", "  acked");
      assertThat(run(0, "message", "--key", "tenant-3", "--json").out())
          .contains("\"standing\":\"gone\"", "\"kind\":\"acked\"");
    }
  }

  @Test
  void saysWhatElseAClientHasOpen() {
    CompletableFuture<Message> never = new CompletableFuture<>();
    try (WeirClient client = client();
        Responder _ =
            client.respond(RespondOptions.of("price/#").withCapacity(3), _ -> never.join());
        Membership member = client.presence().enter("rooms/1", "anna", Bytes.EMPTY)) {
      member.entered().join();
      client.publish(Message.of("plain", "x"));
      String id = "" + connection("answers requests");

      eventually(
          "all of it is open",
          () -> run(0, "client", id).out().contains("answers requests to price/#: 0 of 3 in hand"));
      assertThat(run(0, "client", id).out())
          .contains("present at rooms/1 as anna since ", ", held by 1 connections");
      String link = "" + connection("publishes"); // Publishes go over a connection of their own.
      assertThat(run(0, "client", link).out())
          .contains("publishes: 0 messages, 0 bytes without a receipt: it has its receipts");
      assertThat(run(0, "client", link, "--json").out())
          .contains("\"what\":\"publisher\",\"door\":\"link\",\"topic\":\"\"");
      assertThat(run(0, "client", id, "--json").out())
          .contains("\"what\":\"responder\",\"filter\":\"price/#\",\"capacity\":3,\"inHand\":0")
          .contains("\"what\":\"membership\",\"topic\":\"rooms/1\",\"member\":\"anna\"");
      assertThat(run(0, "message", "--request", "price/eur").out())
          .contains("somebody answers requests to price/#: 0 of 3 in hand");
      never.complete(Message.of("-", ""));
    }
  }

  @Test
  void saysWhichRequestsNobodyAnswered() {
    try (WeirClient client = client()) {
      Message asked = Message.of("nobody/here", "?").withId(Bytes.utf8("ask-1"));
      assertThat(client.requestAsync(asked, FIVE)).failsWithin(FIVE);
    }

    assertThat(run(0, "message", "--request", "nobody/here").out())
        .contains("request to nobody/here, id ask-1 came to nothing at ", "WEIR-8101");
    assertThat(run(0, "message", "--id", "ask-1", "--json").out())
        .contains("\"what\":\"request\"", "\"topic\":\"nobody/here\"", "\"code\":\"WEIR-8101\"");
    assertThat(run(3, "message", "--request", "nobody/else").err())
        .contains("nobody answers 'nobody/else' now");
    assertThat(run(2, "message", "--request", "a/#").err()).contains("WEIR-7007");
  }

  @Test
  void saysWhatIsNotThere() {
    assertThat(run(0, "message", "main/0@999999").out())
        .contains("nothing was stored there so far");
    assertThat(run(3, "message", "--id", "none").err()).contains("no such message");
    assertThat(run(3, "client", "99999").err()).contains("WEIR-8006", "weir client ls");
    assertThat(run(2, "message", "other/0@1").err()).contains("the stream is main");
  }

  @Test
  void refusesWhatMeansNothing() {
    assertThat(run(2, "message").err()).contains("by its position, or by --id, --key or --request");
    assertThat(run(2, "message", "main/0@1", "--id", "x").err()).contains("by its position");
    assertThat(run(2, "message", "here").err()).contains("main/0@42");
    assertThat(run(2, "client").err()).contains("weir client ls");
    assertThat(run(2, "client", "five").err()).contains("weir client ls");
    assertThat(run(3, "nonsense").err()).contains("message POSITION or client ID");
  }
}
