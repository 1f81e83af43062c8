package dev.weir.client;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.message.Message;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class FlowTest {
  private FakeCore core;
  private WeirClient client;

  @BeforeEach
  void start() throws Exception {
    core = new FakeCore();
    client = WeirClient.connect(core.uri());
  }

  @AfterEach
  void close() throws Exception {
    client.close();
    core.close();
    assertThat(core.violations()).isZero();
  }

  @Test
  void deliversExactlyWhatIsAskedFor() {
    store(50);
    Collector collector = subscribe(SubscribeOptions.of("a", Start.first()));

    collector.subscription.join().request(3);
    collector.awaitCount(3);
    collector.subscription.join().request(20);
    collector.awaitCount(23);
    core.store(Message.of("a", "more"));

    assertThat(collector.bodies).isEqualTo(expected(23));
    assertThat(collector.end).isNotDone();
  }

  @Test
  void completesAtTheTail() {
    store(20);
    Collector collector = subscribe(SubscribeOptions.of("a", Start.first()).endingAtTail());

    collector.subscription.join().request(Long.MAX_VALUE);
    collector.subscription.join().request(Long.MAX_VALUE);

    collector.end.join();
    assertThat(collector.bodies).isEqualTo(expected(20));
  }

  @Test
  void completesWithoutDemandWhenThereIsNothing() {
    Collector collector = subscribe(SubscribeOptions.of("a", Start.first()).endingAtTail());

    collector.end.join();
    assertThat(collector.bodies).isEmpty();
  }

  @Test
  void goesOnAcrossARestart() throws Exception {
    store(100);
    Collector collector = subscribe(SubscribeOptions.of("a", Start.first()));
    collector.subscription.join().request(60);
    collector.awaitCount(60);

    core.stop();
    core.start();
    collector.subscription.join().request(40);

    collector.awaitCount(100);
    assertThat(collector.bodies).isEqualTo(expected(100));
  }

  @Test
  void givesEachSubscriberItsOwnPass() {
    store(5);
    Flow.Publisher<Delivered> flow =
        client.flow(SubscribeOptions.of("a", Start.first()).endingAtTail());
    Collector one = new Collector();
    Collector two = new Collector();

    flow.subscribe(one);
    flow.subscribe(two);
    one.subscription.join().request(5);
    two.subscription.join().request(5);

    one.end.join();
    two.end.join();
    assertThat(one.bodies).isEqualTo(expected(5)).isEqualTo(two.bodies);
  }

  @Test
  void stopsWhenItIsCancelled() {
    store(5);
    Collector collector = subscribe(SubscribeOptions.of("a", Start.first()));
    collector.subscription.join().request(2);
    collector.awaitCount(2);

    collector.subscription.join().cancel();
    collector.subscription.join().request(5);

    eventually("the call has ended", () -> core.readers() == 0);
    assertThat(collector.bodies).hasSize(2);
    assertThat(collector.end).isNotDone();
  }

  @Test
  void tellsTheErrorOfARefusal() {
    core.failSubscriptions(ErrorCode.INVALID_CURSOR.number());
    Collector collector = subscribe(SubscribeOptions.of("a", Start.first()));

    Throwable error = collector.end.handle((_, e) -> e).join();

    assertThat(error)
        .isInstanceOfSatisfying(
            WeirException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CURSOR));
  }

  @Test
  void tellsTheErrorOfADemandOfNothing() {
    Collector collector = subscribe(SubscribeOptions.of("a", Start.first()));

    collector.subscription.join().request(0);

    assertThat(collector.end.handle((_, e) -> e).join())
        .isInstanceOf(IllegalArgumentException.class);
  }

  private Collector subscribe(SubscribeOptions options) {
    Collector collector = new Collector();
    client.flow(options).subscribe(collector);
    return collector;
  }

  private void store(int count) {
    for (int i = 0; i < count; i++) {
      core.store(Message.of("a", "m" + i));
    }
  }

  private static List<String> expected(int count) {
    return IntStream.range(0, count).mapToObj(i -> "m" + i).toList();
  }

  private static final class Collector implements Flow.Subscriber<Delivered> {
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
    private final CompletableFuture<Boolean> end = new CompletableFuture<>();
    private final List<String> bodies = new CopyOnWriteArrayList<>();

    void awaitCount(int count) {
      eventually(count + " messages", () -> bodies.size() >= count);
    }

    @Override
    public void onSubscribe(Flow.Subscription own) {
      subscription.complete(own);
    }

    @Override
    public void onNext(Delivered delivered) {
      bodies.add(delivered.text());
    }

    @Override
    public void onError(Throwable cause) {
      end.completeExceptionally(cause);
    }

    @Override
    public void onComplete() {
      end.complete(true);
    }
  }
}
