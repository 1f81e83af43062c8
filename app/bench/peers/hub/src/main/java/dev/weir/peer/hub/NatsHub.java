package dev.weir.peer.hub;

import dev.weir.load.Hub;
import dev.weir.load.HubLoad;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Core NATS through jnats: ten connections for the readers and one for the publisher, a dispatcher
/// each. What is published is told as accepted at once: nobody acks it.
public final class NatsHub implements Hub {
  static final Duration ANSWER_WAIT = Duration.ofSeconds(10);
  private static final int CONNECTIONS = 10;

  private final String url;
  private final Connection sending;
  private final List<Connection> reading = new ArrayList<>();

  NatsHub(int port) throws IOException, InterruptedException {
    url = "nats://127.0.0.1:" + port;
    sending = connect();
  }

  public static void main(String[] arguments) throws IOException {
    if (List.of(arguments).contains("jetstream")) {
      HubLoad.serve(JetStreamHub::new);
    } else {
      HubLoad.serve(NatsHub::new);
    }
  }

  private Connection connect() throws IOException, InterruptedException {
    return Nats.connect(Options.builder().server(url).connectionTimeout(ANSWER_WAIT).build());
  }

  Connection sending() {
    return sending;
  }

  Connection reader(int index) throws IOException, InterruptedException {
    int connection = index % CONNECTIONS;
    while (reading.size() <= connection) {
      reading.add(connect());
    }
    return reading.get(connection);
  }

  @Override
  public Route fanOut(String name, int readers, Reader reader) throws Exception {
    List<Dispatcher> dispatchers = new ArrayList<>();
    for (int i = 0; i < readers; i++) {
      int index = i;
      Dispatcher dispatcher =
          reader(i)
              .createDispatcher(message -> {
                byte[] body = message.getData();
                reader.received(index, body, 0, body.length);
              });
      dispatcher.setPendingLimits(-1, -1);
      dispatchers.add(dispatcher.subscribe(name));
    }
    for (Connection each : reading) {
      each.flush(ANSWER_WAIT); // The server knows of them.
    }
    return new FanOut(name, dispatchers);
  }

  @Override
  public Route queue(String name, int readers, Reader reader) {
    throw new UnsupportedOperationException("core NATS has no queue with acks");
  }

  @Override
  public void close() {
    try {
      for (Connection each : reading) {
        each.close();
      }
      sending.close();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private final class FanOut implements Route {
    private final String subject;
    private final List<Dispatcher> dispatchers;

    FanOut(String subject, List<Dispatcher> dispatchers) {
      this.subject = subject;
      this.dispatchers = dispatchers;
    }

    @Override
    public void send(byte[] body, Outcome outcome) {
      sending.publish(subject, body);
      outcome.accepted(1);
    }

    @Override
    public void flush() throws IOException {
      sending.flushBuffer();
    }

    @Override
    public void close() {
      for (int i = 0; i < dispatchers.size(); i++) {
        reading.get(i % CONNECTIONS).closeDispatcher(dispatchers.get(i));
      }
    }
  }
}
