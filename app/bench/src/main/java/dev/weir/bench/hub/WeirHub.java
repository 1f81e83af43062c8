package dev.weir.bench.hub;

import dev.weir.base.Bytes;
import dev.weir.client.ClientConfig;
import dev.weir.client.ConsumeOptions;
import dev.weir.client.Delivered;
import dev.weir.client.HeldMessage;
import dev.weir.client.Publisher;
import dev.weir.client.PublisherOptions;
import dev.weir.client.QueueConfig;
import dev.weir.client.QueueConsumer;
import dev.weir.client.Start;
import dev.weir.client.SubscribeOptions;
import dev.weir.client.Subscription;
import dev.weir.client.WeirClient;
import dev.weir.load.Hub;
import dev.weir.message.Cursor;
import dev.weir.message.Message;
import dev.weir.message.Position;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Weir as its Java client reaches it: over gRPC, ten connections for the readers and one for the
/// publisher. One thread opens and closes.
final class WeirHub implements Hub {
  /// What readers share, as those of every rival do.
  private static final int CONNECTIONS = 10;

  /// As many as consumers of the rivals are handed ahead.
  private static final int PREFETCH = 1_000;

  private static final long END_WAIT_NANOS = 10_000_000_000L;
  private static final String FIRST = "first";

  private final boolean isLane;
  private final URI target;
  private final WeirClient sending;
  private final List<WeirClient> reading = new ArrayList<>();

  /// @param isLane whether queues are published to by a lane and a topic
  WeirHub(int port, boolean isLane) {
    this.isLane = isLane;
    this.target = URI.create("weir://127.0.0.1:" + port);
    this.sending = WeirClient.connect(ClientConfig.of(target));
  }

  private WeirClient reader(int index) {
    int connection = index % CONNECTIONS;
    while (reading.size() <= connection) {
      reading.add(WeirClient.connect(ClientConfig.of(target)));
    }
    return reading.get(connection);
  }

  private Publisher publisher() {
    return sending.publisher(PublisherOptions.DEFAULT.withZstdLevel(0));
  }

  /// Everybody begins behind a first message, wherever the stream is then.
  @Override
  public Route fanOut(String name, int readers, Reader reader) {
    Publisher publisher = publisher();
    Position first = publisher.publish(Message.of(name, FIRST)).position();
    Position next = new Position(first.stream(), first.partition(), first.offset() + 1);
    Cursor behind = new Cursor(List.of(next));
    List<Subscription> subscriptions = new ArrayList<>();
    for (int i = 0; i < readers; i++) {
      int index = i;
      SubscribeOptions options =
          SubscribeOptions.of(name, new Start.From(behind)).withBufferMessages(PREFETCH);
      Subscription subscription = reader(i).subscribe(options);
      subscriptions.add(subscription);
      Thread.ofVirtual().name("load-reader-" + i).start(() -> read(subscription, index, reader));
    }
    return new FanOut(name, publisher, subscriptions);
  }

  private static void read(Subscription subscription, int index, Reader reader) {
    for (Delivered each : subscription) {
      received(reader, index, each.message().body());
    }
  }

  private static void received(Reader reader, int index, Bytes body) {
    reader.received(index, body.array(), body.arrayOffset(), body.length());
  }

  @Override
  public Route queue(String name, int readers, Reader reader) {
    QueueConfig config = QueueConfig.of(name);
    sending.queues().create(isLane ? config.withFilters(List.of(topic(name))) : config);
    Acks acks = new Acks();
    List<QueueConsumer> consumers = new ArrayList<>();
    for (int i = 0; i < readers; i++) {
      int index = i;
      consumers.add(
          reader(i)
              .queues()
              .consume(
                  ConsumeOptions.of(name).withPrefetch(PREFETCH).settledByHand(),
                  held -> {
                    received(reader, index, held.queued().message().body());
                    acks.ack(held);
                  }));
    }
    return new Queue(name, consumers, acks, isLane ? publisher() : null);
  }

  private static String topic(String name) {
    return name + "/work";
  }

  @Override
  public void close() {
    reading.forEach(WeirClient::close);
    sending.close();
  }

  private static void told(CompletionStage<?> answer, Outcome outcome) {
    var _ =
        answer.whenComplete((_, fault) -> {
          if (fault == null) {
            outcome.accepted(1);
          } else {
            outcome.failed(fault.toString());
          }
        });
  }

  private record FanOut(String topic, Publisher publisher, List<Subscription> subscriptions)
      implements Route {
    @Override
    public void send(byte[] body, Outcome outcome) {
      told(publisher.publishAsync(Message.of(topic, Bytes.wrap(body))), outcome);
    }

    @Override
    public void close() {
      subscriptions.forEach(Subscription::close);
      publisher.close();
    }
  }

  /// Acks that are not confirmed yet.
  private static final class Acks {
    private final AtomicLong open = new AtomicLong();
    private final AtomicReference<String> failure = new AtomicReference<>("");

    void ack(HeldMessage held) {
      open.incrementAndGet();
      var _ =
          held.ack()
              .whenComplete((_, fault) -> {
                open.decrementAndGet();
                if (fault != null) {
                  failure.set(fault.toString());
                }
              });
    }

    void await() throws IOException {
      long startNanos = System.nanoTime();
      while (open.get() > 0 && System.nanoTime() - startNanos < END_WAIT_NANOS) {
        LockSupport.parkNanos(1_000_000);
      }
      if (open.get() > 0 || !failure.get().isEmpty()) {
        throw new IOException(open.get() + " acks are not confirmed " + failure.get());
      }
    }
  }

  private final class Queue implements Route {
    private final String name;
    private final List<QueueConsumer> consumers;
    private final Acks acks;
    private final @Nullable Publisher lane;

    Queue(String name, List<QueueConsumer> consumers, Acks acks, @Nullable Publisher lane) {
      this.name = name;
      this.consumers = consumers;
      this.acks = acks;
      this.lane = lane;
    }

    @Override
    public void send(byte[] body, Outcome outcome) {
      Publisher open = lane;
      Message message = Message.of(topic(name), Bytes.wrap(body));
      told(
          open == null ? sending.queues().publishAsync(name, message) : open.publishAsync(message),
          outcome);
    }

    /// What is left in it would be a message that came and was not acked.
    @Override
    public void close() throws IOException {
      acks.await();
      consumers.forEach(QueueConsumer::close);
      if (lane != null) {
        lane.close();
      }
      long left = sending.queues().delete(name, false);
      if (left > 0) {
        throw new IOException(left + " messages are left in the queue");
      }
    }
  }
}
