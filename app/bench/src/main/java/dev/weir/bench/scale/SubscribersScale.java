package dev.weir.bench.scale;

import dev.weir.bench.TalkingChild;
import dev.weir.client.Delivered;
import dev.weir.client.Start;
import dev.weir.client.Subscription;
import dev.weir.client.WeirClient;
import dev.weir.message.Message;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/// 10,000 subscribers of one topic, which gets a message a second, and one publisher and one reader
/// of another with 200 messages a second: how long the other's messages take, from when each was
/// due, alone and beside.
///
/// Core, subscribers and the other two are three processes on one machine: where the cores are few,
/// a pause is the subscribers' own work as much as the core's.
final class SubscribersScale {
  private static final int SUBSCRIBERS = 10_000;
  private static final double MAX_PAUSE_MILLIS = 50;
  private static final long PERIOD_NANOS = 5_000_000;
  private static final String WIDE = "scale/wide";
  private static final String OTHER = "scale/other";

  /// Of half a second: as long as a busy machine takes to open ten thousand.
  private static final int MAX_TRIES = 120;

  /// Behind the last message its reader is given up on.
  private static final Duration LAST = Duration.ofSeconds(10);

  private final ScaleOptions options;
  private final Path directory;

  SubscribersScale(ScaleOptions options, Path directory) {
    this.options = options;
    this.directory = directory;
  }

  List<ScaleFigure> run() throws IOException, InterruptedException {
    int subscribers = options.of(SUBSCRIBERS);
    try (TalkingChild core = ScaleCore.start(options.java(), "-Xmx1g", directory, 100)) {
      URI target = URI.create("weir://" + core.ready());
      List<String> words = new ArrayList<>(options.java());
      words.add(1, "-Xmx1g");
      words.addAll(
          List.of(
              ScaleReaders.class.getName(),
              target.toString(),
              WIDE,
              Integer.toString(subscribers)));
      try (WeirClient client = WeirClient.connect(target);
          TalkingChild readers = TalkingChild.start(words)) {
        open(client, readers, subscribers);
        Histogram alone = others(client);
        FanOut fanOut = new FanOut(client, readers, subscribers);
        Thread wide = Thread.ofPlatform().name("weir-bench-wide").start(fanOut);
        Histogram beside = others(client);
        wide.join();
        return figures(subscribers, alone, beside, fanOut);
      }
    }
  }

  /// Publishes until each has got something.
  private static void open(WeirClient client, TalkingChild readers, int subscribers)
      throws IOException {
    for (int i = 0; i < MAX_TRIES; i++) {
      if (Long.parseLong(readers.ask("opened")) == subscribers) {
        return;
      }
      client.publish(Message.of(WIDE, "open"));
      LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
    }
    throw new IOException(
        readers.ask("opened") + " of " + subscribers + " subscribers have got something");
  }

  /// Publishes to the other topic at its rate for the time, and reads that.
  private Histogram others(WeirClient client) throws InterruptedException {
    Histogram latency = new Histogram(3);
    int count = (int) (options.seconds() * 1_000_000_000L / PERIOD_NANOS);
    try (Subscription subscription = client.subscribe(OTHER, Start.live())) {
      await(client, subscription);
      Thread publisher =
          Thread.ofPlatform().name("weir-bench-other").start(() -> publish(client, count));
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
    }
    return latency;
  }

  /// Publishes until the subscription is open: before the first message that counts.
  private static void await(WeirClient client, Subscription subscription) {
    for (int i = 0; i < MAX_TRIES; i++) {
      client.publish(Message.of(OTHER, "0"));
      if (subscription.poll(Duration.ofMillis(500)).isPresent()) {
        return;
      }
    }
    throw new IllegalStateException("a subscription did not open");
  }

  private static void publish(WeirClient client, int count) {
    long start = System.nanoTime();
    for (int i = 1; i <= count; i++) {
      long due = start + i * PERIOD_NANOS;
      while (System.nanoTime() < due) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      var _ = client.publishAsync(Message.of(OTHER, Long.toString(due)));
    }
  }

  /// A message a second to all, each awaited.
  private final class FanOut implements Runnable {
    private final WeirClient client;
    private final TalkingChild readers;
    private final int subscribers;
    private final Histogram times = new Histogram(3);
    private volatile String fault = "";

    FanOut(WeirClient client, TalkingChild readers, int subscribers) {
      this.client = client;
      this.readers = readers;
      this.subscribers = subscribers;
    }

    @Override
    public void run() {
      try {
        long received = Long.parseLong(readers.ask("await 0"));
        for (int i = 0; i < options.seconds(); i++) {
          long start = System.nanoTime();
          client.publish(Message.of(WIDE, "message " + i));
          received += subscribers;
          readers.ask("await " + received);
          times.recordValue(System.nanoTime() - start);
          LockSupport.parkNanos(Math.max(1, start + 1_000_000_000L - System.nanoTime()));
        }
      } catch (IOException e) {
        fault = e.toString();
      }
    }
  }

  private static List<ScaleFigure> figures(
      int subscribers, Histogram alone, Histogram beside, FanOut fanOut) throws IOException {
    if (!fanOut.fault.isEmpty()) {
      throw new IOException(fanOut.fault);
    }
    ScaleCase of = ScaleCase.SUBSCRIBERS;
    return List.of(
        new ScaleFigure(of, "others, longest", beside.getMaxValue() / 1e6, "ms", MAX_PAUSE_MILLIS),
        ScaleFigure.of(of, "others, p99", beside.getValueAtPercentile(99) / 1e6, "ms"),
        ScaleFigure.of(of, "others, median", beside.getValueAtPercentile(50) / 1e6, "ms"),
        ScaleFigure.of(of, "others alone, longest", alone.getMaxValue() / 1e6, "ms"),
        ScaleFigure.of(
            of, "until all have it, median", fanOut.times.getValueAtPercentile(50) / 1e6, "ms"),
        ScaleFigure.of(of, "subscribers", subscribers, ""));
  }
}
