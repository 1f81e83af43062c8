package dev.weir.client;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.message.Durability;
import dev.weir.message.Message;
import dev.weir.message.Receipt;
import dev.weir.testkit.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class PublisherTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final List<ClientState> states = new CopyOnWriteArrayList<>();
  private FakeCore core;
  private WeirClient client;

  @BeforeEach
  void start() throws Exception {
    core = new FakeCore();
    client =
        WeirClient.connect(ClientConfig.of(core.uri()).withStates((_, state) -> states.add(state)));
  }

  @AfterEach
  void close() throws Exception {
    client.close();
    core.close();
    assertThat(core.violations()).isZero();
  }

  @Test
  void returnsAReceiptOnceTheMessageIsStored() {
    Receipt first = client.publish(Message.of("a", "one"));
    Receipt second = client.publish(Message.of("a", "two"));

    assertThat(first.durability()).isEqualTo(Durability.DURABLE);
    assertThat(first.position()).hasToString("main/0@0");
    assertThat(second.position()).hasToString("main/0@1");
    assertThat(bodies()).containsExactly("one", "two");
    assertThat(core.log().getFirst().timeMicros()).as("stamped").isPositive();
  }

  @Test
  void completesFuturesInTheOrderOfTheirMessages() {
    List<Integer> completed = new CopyOnWriteArrayList<>();
    List<CompletableFuture<?>> futures = new ArrayList<>();

    for (int i = 0; i < 5_000; i++) {
      int index = i;
      futures.add(
          client
              .publishAsync(Message.of("a", "m" + i))
              .thenAccept(receipt -> {
                completed.add(index);
                assertThat(receipt.position().offset()).isEqualTo(index);
              }));
    }
    futures.forEach(CompletableFuture::join);

    assertThat(completed).hasSize(5_000).isSorted();
    assertThat(bodies()).isEqualTo(IntStream.range(0, 5_000).mapToObj(i -> "m" + i).toList());
  }

  @Test
  void storesEverythingOnceAndInOrderAcrossRestartsOfTheCore() throws Exception {
    RandomGenerator random = Seeds.random("PublisherTest");
    int count = 20_000;
    PublisherOptions options =
        PublisherOptions.DEFAULT
            .withBatch(ByteSize.ofKibibytes(4))
            .withWindow(ByteSize.ofMebibytes(1), 500);
    try (Publisher publisher = client.publisher(options)) {
      Thread publishing =
          Thread.ofVirtual()
              .start(() -> {
                for (int i = 0; i < count; i++) {
                  publisher.send(Message.of("a", "m" + i));
                }
              });
      for (int i = 0; i < 4; i++) {
        long until = core.stored() + 1 + random.nextInt(1_000);
        eventually("it goes on", () -> core.stored() >= Math.min(until, count));
        core.stop();
        core.start();
      }
      publishing.join();

      PublisherTotals totals = publisher.flush(LONG);
      assertThat(totals).isEqualTo(new PublisherTotals(count, count, 0));
    }

    assertThat(core.sessions()).isGreaterThan(1);
    assertThat(bodies()).isEqualTo(IntStream.range(0, count).mapToObj(i -> "m" + i).toList());
  }

  @Test
  void keepsTheOrderOfEachOfManyThreads() throws Exception {
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 8; t++) {
      String topic = "t" + t;
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                for (int i = 0; i < 200; i++) {
                  client.publish(Message.of(topic, "" + i));
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }

    List<String> expected = IntStream.range(0, 200).mapToObj(i -> "" + i).toList();
    for (int t = 0; t < 8; t++) {
      String topic = "t" + t;
      assertThat(core.log().stream().filter(m -> m.topic().equals(topic)))
          .extracting(m -> m.body().utf8())
          .isEqualTo(expected);
    }
  }

  @Test
  void failsFastBeyondTheWindowWhenToldTo() {
    core.holdAcks();
    try (Publisher publisher =
        client.publisher(
            PublisherOptions.DEFAULT
                .withWhenFull(WhenFull.FAIL)
                .withWindow(ByteSize.ofMebibytes(1), 10))) {
      List<CompletableFuture<Receipt>> taken = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        taken.add(publisher.publishAsync(Message.of("a", "m" + i)));
      }
      CompletableFuture<Receipt> refused = publisher.publishAsync(Message.of("a", "late"));

      assertThat(refused).isCompletedExceptionally();
      assertThatThrownBy(refused::join).hasRootCauseInstanceOf(WeirException.class);
      core.releaseAcks();
      taken.forEach(CompletableFuture::join);
      assertThat(publisher.publish(Message.of("a", "again")).position().offset()).isEqualTo(10);
    }
  }

  @Test
  void refusesABodyBeyondTheLimit() {
    Message large = Message.of("a", Bytes.wrap(new byte[(1 << 20) + 1]));

    assertThatThrownBy(() -> client.publish(large))
        .isInstanceOfSatisfying(
            WeirException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE));
    assertThat(client.publishAsync(large)).isCompletedExceptionally();
    client.publish(Message.of("a", Bytes.wrap(new byte[1 << 20])));
  }

  @Test
  void carriesTheLargestMessage() {
    byte[] body = new byte[Message.MAX_BODY_BYTES];
    Seeds.random("PublisherTest", 1).nextBytes(body);
    try (Publisher publisher =
        client.publisher(PublisherOptions.DEFAULT.withMaxBody(ByteSize.ofMebibytes(16)))) {
      publisher.publish(Message.of("a", Bytes.wrap(body)));
    }
    assertThat(core.log().getFirst().body()).isEqualTo(Bytes.wrap(body));
  }

  @Test
  void drainsWhenItIsClosed() {
    Publisher publisher = client.publisher(PublisherOptions.DEFAULT);
    for (int i = 0; i < 1_000; i++) {
      publisher.send(Message.of("a", "m" + i));
    }

    assertThat(publisher.drain()).isEqualTo(new PublisherTotals(1_000, 1_000, 0));
    assertThat(publisher.drain()).isEqualTo(publisher.totals());
    assertThat(core.stored()).isEqualTo(1_000);
    assertThatThrownBy(() -> publisher.publish(Message.of("a", "late")))
        .hasMessageContaining("closed");
  }

  @Test
  void reportsWhatWasNotAckedAtTheEnd() {
    core.holdAcks();
    Publisher publisher =
        client.publisher(PublisherOptions.DEFAULT.withDrain(Duration.ofMillis(50)));
    CompletableFuture<Receipt> future = publisher.publishAsync(Message.of("a", "m"));
    publisher.send(Message.of("a", "n"));
    eventually("both arrived", () -> core.stored() == 2);

    assertThat(publisher.drain()).isEqualTo(new PublisherTotals(2, 0, 2));
    assertThatThrownBy(future::join)
        .cause()
        .isInstanceOfSatisfying(
            WeirException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONNECTION_LOST));
  }

  @Test
  void tellsItsStates() throws Exception {
    client.publish(Message.of("a", "m"));
    eventually("it is ready", () -> states.contains(new ClientState.Ready()));
    core.stop();
    eventually(
        "it noticed", () -> states.stream().anyMatch(ClientState.Reconnecting.class::isInstance));
    core.start();
    client.publish(Message.of("a", "n"));
    client.close();

    assertThat(states).endsWith(new ClientState.Closed());
    assertThat(bodies()).containsExactly("m", "n");
  }

  private List<String> bodies() {
    return core.log().stream().map(message -> message.body().utf8()).toList();
  }
}
