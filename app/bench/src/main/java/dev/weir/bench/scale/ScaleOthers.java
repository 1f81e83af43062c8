package dev.weir.bench.scale;

import dev.weir.client.Delivered;
import dev.weir.client.Start;
import dev.weir.client.Subscription;
import dev.weir.client.WeirClient;
import dev.weir.load.ChildTalk;
import dev.weir.message.Message;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/// One publisher and one reader of a topic in a process of their own, over a connection each:
/// answers `run COUNT` with how long the messages took, each from when it was due, and `pauses`.
///
///     ScaleOthers TARGET TOPIC
public final class ScaleOthers {
  /// 200 messages a second.
  static final long PERIOD_NANOS = 5_000_000;

  /// Of half a second: as long as a busy machine takes to open.
  private static final int MAX_TRIES = 120;

  /// Behind the last message its reader is given up on.
  private static final Duration LAST = Duration.ofSeconds(10);

  private ScaleOthers() {}

  public static void main(String[] arguments) throws IOException {
    URI target = URI.create(arguments[0]);
    String topic = arguments[1];
    PauseWatch watch = PauseWatch.start();
    try (WeirClient publisher = WeirClient.connect(target);
        WeirClient reader = WeirClient.connect(target);
        Subscription subscription = reader.subscribe(topic, Start.live())) {
      await(publisher, subscription, topic);
      ChildTalk.serve(
          "others",
          words -> {
            if (words.getFirst().equals("pauses")) {
              return watch.take().words();
            }
            return measured(publisher, subscription, topic, Integer.parseInt(words.get(1))).words();
          });
    }
  }

  /// Publishes until the subscription is open: before the first message that counts.
  private static void await(WeirClient publisher, Subscription subscription, String topic) {
    for (int i = 0; i < MAX_TRIES; i++) {
      publisher.publish(Message.of(topic, "0"));
      if (subscription.poll(Duration.ofMillis(500)).isPresent()) {
        return;
      }
    }
    throw new IllegalStateException("a subscription did not open");
  }

  private static Latencies measured(
      WeirClient client, Subscription subscription, String topic, int count)
      throws InterruptedException {
    Histogram latency = new Histogram(3);
    Histogram acks = new ConcurrentHistogram(3);
    Thread publisher =
        Thread.ofPlatform()
            .name("weir-bench-other")
            .start(() -> publish(client, topic, count, acks));
    for (int i = 0; i < count; ) {
      Optional<Delivered> next = subscription.poll(LAST);
      if (next.isEmpty()) {
        throw new IllegalStateException("a message did not come within " + LAST);
      }
      long due = Long.parseLong(next.get().text());
      if (due > 0) {
        latency.recordValue(Math.max(0, System.nanoTime() - due));
        i++;
      }
    }
    publisher.join();
    return Latencies.of(latency, acks);
  }

  private static void publish(WeirClient client, String topic, int count, Histogram acks) {
    long start = System.nanoTime();
    for (int i = 1; i <= count; i++) {
      long due = start + i * PERIOD_NANOS;
      while (System.nanoTime() < due) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      var _ =
          client
              .publishAsync(Message.of(topic, Long.toString(due)))
              .thenRun(() -> acks.recordValue(Math.max(0, System.nanoTime() - due)));
    }
  }

  /// What the messages took, in milliseconds.
  ///
  /// @param longestAck until its publisher had its receipt
  record Latencies(double median, double p99, double p999, double longest, double longestAck) {
    static Latencies of(Histogram nanos, Histogram acks) {
      return new Latencies(
          nanos.getValueAtPercentile(50) / 1e6,
          nanos.getValueAtPercentile(99) / 1e6,
          nanos.getValueAtPercentile(99.9) / 1e6,
          nanos.getMaxValue() / 1e6,
          acks.getMaxValue() / 1e6);
    }

    /// As a line between processes.
    String words() {
      return median + " " + p99 + " " + p999 + " " + longest + " " + longestAck;
    }

    static Latencies parse(String words) {
      String[] parts = words.split(" ", -1);
      return new Latencies(
          Double.parseDouble(parts[0]),
          Double.parseDouble(parts[1]),
          Double.parseDouble(parts[2]),
          Double.parseDouble(parts[3]),
          Double.parseDouble(parts[4]));
    }
  }
}
