package dev.weir.peer.hub;

import dev.weir.load.Hub;
import io.nats.client.ConsumeOptions;
import io.nats.client.Dispatcher;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.MessageConsumer;
import io.nats.client.PushSubscribeOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// JetStream through jnats, on file: asynchronous publish acks. Topics are streams with an ordered
/// consumer for each reader; queues are streams of the work queue kind with one pull consumer,
/// whose messages are acked one by one and not confirmed.
final class JetStreamHub implements Hub {
  /// Asked for ahead, as every rival's consumers are.
  private static final int PREFETCH = 1_000;

  /// Of all consumers together; the server's default of 1,000 would be the limit.
  private static final int MAX_UNACKED = 20_000;

  private final NatsHub nats;
  private final JetStream stream;
  private final JetStreamManagement management;

  JetStreamHub(int port) throws IOException, InterruptedException {
    nats = new NatsHub(port);
    stream = nats.sending().jetStream();
    management = nats.sending().jetStreamManagement();
  }

  private void create(String name, RetentionPolicy retention) throws Exception {
    management.addStream(
        StreamConfiguration.builder()
            .name(name)
            .subjects(name)
            .storageType(StorageType.File)
            .retentionPolicy(retention)
            .build());
  }

  @Override
  public Route fanOut(String name, int readers, Reader reader) throws Exception {
    create(name, RetentionPolicy.Limits);
    PushSubscribeOptions ordered =
        PushSubscribeOptions.builder().stream(name).ordered(true).build();
    List<Runnable> ends = new ArrayList<>();
    for (int i = 0; i < readers; i++) {
      int index = i;
      var connection = nats.reader(i);
      Dispatcher dispatcher = connection.createDispatcher();
      dispatcher.setPendingLimits(-1, -1);
      connection
          .jetStream()
          .subscribe(
              name,
              dispatcher,
              message -> {
                byte[] body = message.getData();
                reader.received(index, body, 0, body.length);
              },
              false,
              ordered);
      ends.add(() -> connection.closeDispatcher(dispatcher));
    }
    return new Stream(name, ends);
  }

  @Override
  public Route queue(String name, int readers, Reader reader) throws Exception {
    create(name, RetentionPolicy.WorkQueue);
    management.addOrUpdateConsumer(
        name,
        ConsumerConfiguration.builder()
            .durable(name)
            .ackPolicy(AckPolicy.Explicit)
            .maxAckPending(MAX_UNACKED)
            .build());
    ConsumeOptions options = ConsumeOptions.builder().batchSize(PREFETCH).build();
    List<Runnable> ends = new ArrayList<>();
    for (int i = 0; i < readers; i++) {
      int index = i;
      MessageConsumer consumer =
          nats.reader(i)
              .getConsumerContext(name, name)
              .consume(
                  options,
                  message -> {
                    byte[] body = message.getData();
                    reader.received(index, body, 0, body.length);
                    message.ack();
                  });
      ends.add(() -> end(consumer));
    }
    return new Stream(name, ends);
  }

  private static void end(MessageConsumer consumer) {
    try {
      consumer.close();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      throw new IllegalStateException("a consumer did not end", e);
    }
  }

  @Override
  public void close() {
    nats.close();
  }

  private final class Stream implements Route {
    private final String name;
    private final List<Runnable> ends;

    Stream(String name, List<Runnable> ends) {
      this.name = name;
      this.ends = ends;
    }

    @Override
    public void send(byte[] body, Outcome outcome) {
      var _ =
          stream
              .publishAsync(name, body)
              .whenComplete((_, fault) -> {
                if (fault == null) {
                  outcome.accepted(1);
                } else {
                  outcome.failed(fault.toString());
                }
              });
    }

    @Override
    public void flush() throws IOException {
      nats.sending().flushBuffer();
    }

    @Override
    public void close() throws IOException {
      ends.forEach(Runnable::run);
      try {
        management.deleteStream(name);
      } catch (JetStreamApiException e) {
        throw new IOException(name + " cannot be deleted", e);
      }
    }
  }
}
