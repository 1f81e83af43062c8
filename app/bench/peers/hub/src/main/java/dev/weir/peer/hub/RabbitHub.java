package dev.weir.peer.hub;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import dev.weir.load.Hub;
import dev.weir.load.HubLoad;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;

/// RabbitMQ through its Java client: ten connections for the readers and one for the publisher,
/// durable classic queues, persistent messages, asynchronous confirms, manual acks. A topic is a
/// fanout exchange with a queue for each reader.
public final class RabbitHub implements Hub {
  private static final int CONNECTIONS = 10;
  private static final int PREFETCH = 1_000;

  /// Readers of a topic ack so many at once, which AMQP is made for; consumers of a queue each.
  private static final int ACKED_TOGETHER = 64;

  private static final BasicProperties PERSISTENT = MessageProperties.MINIMAL_PERSISTENT_BASIC;

  private final ConnectionFactory factory = new ConnectionFactory();
  private final Connection sending;
  private final List<Connection> reading = new ArrayList<>();

  private RabbitHub(int port) throws IOException, TimeoutException {
    factory.setHost("127.0.0.1");
    factory.setPort(port);
    sending = factory.newConnection();
  }

  public static void main(String[] arguments) throws IOException {
    HubLoad.serve(RabbitHub::new);
  }

  private Channel reader(int index) throws IOException, TimeoutException {
    int connection = index % CONNECTIONS;
    while (reading.size() <= connection) {
      reading.add(factory.newConnection());
    }
    Channel channel = reading.get(connection).createChannel();
    channel.basicQos(PREFETCH);
    return channel;
  }

  @Override
  public Hub.Route fanOut(String name, int readers, Reader reader) throws Exception {
    Channel publisher = sending.createChannel();
    publisher.exchangeDeclare(name, BuiltinExchangeType.FANOUT, true);
    List<String> queues = new ArrayList<>();
    List<Channel> channels = new ArrayList<>();
    for (int i = 0; i < readers; i++) {
      String queue = name + "-" + i;
      publisher.queueDeclare(queue, true, false, false, Map.of());
      publisher.queueBind(queue, name, "");
      queues.add(queue);
      Channel channel = reader(i);
      consume(channel, queue, i, ACKED_TOGETHER, reader);
      channels.add(channel);
    }
    return new Route(publisher, name, "", queues, channels);
  }

  @Override
  public Hub.Route queue(String name, int readers, Reader reader) throws Exception {
    Channel publisher = sending.createChannel();
    publisher.queueDeclare(name, true, false, false, Map.of());
    List<Channel> channels = new ArrayList<>();
    for (int i = 0; i < readers; i++) {
      Channel channel = reader(i);
      consume(channel, name, i, 1, reader);
      channels.add(channel);
    }
    return new Route(publisher, "", name, List.of(name), channels);
  }

  private static void consume(
      Channel channel, String queue, int index, int ackedTogether, Reader reader)
      throws IOException {
    channel.basicConsume(
        queue,
        false,
        (_, message) -> {
          byte[] body = message.getBody();
          reader.received(index, body, 0, body.length);
          long tag = message.getEnvelope().getDeliveryTag();
          if (tag % ackedTogether == 0) {
            channel.basicAck(tag, ackedTogether > 1);
          }
        },
        _ -> {});
  }

  @Override
  public void close() {
    try {
      for (Connection each : reading) {
        each.close();
      }
      sending.close();
    } catch (IOException _) {
      // The server closes what is left.
    }
  }

  /// An exchange or a queue, and who reads. Confirms come on the connection's thread, in runs.
  private static final class Route implements Hub.Route {
    private final Channel publisher;
    private final String exchange;
    private final String key;
    private final List<String> queues;
    private final List<Channel> readers;
    private boolean isConfirming;

    /// Everything up to it is confirmed. Owned by the connection's thread.
    private long floor;

    /// Confirmed beyond it. Owned by the connection's thread.
    private final TreeSet<Long> alone = new TreeSet<>();

    Route(
        Channel publisher,
        String exchange,
        String key,
        List<String> queues,
        List<Channel> readers) {
      this.publisher = publisher;
      this.exchange = exchange;
      this.key = key;
      this.queues = queues;
      this.readers = readers;
    }

    @Override
    public void send(byte[] body, Outcome outcome) throws IOException {
      if (!isConfirming) {
        isConfirming = true;
        publisher.addConfirmListener(
            (tag, isMultiple) -> confirmed(tag, isMultiple, outcome),
            (tag, _) -> outcome.failed("message " + tag + " was refused"));
        publisher.confirmSelect();
      }
      publisher.basicPublish(exchange, key, PERSISTENT, body);
    }

    /// Confirms come one by one, in any order, and in runs up to a number.
    private void confirmed(long tag, boolean isMultiple, Outcome outcome) {
      long before = floor + alone.size();
      if (isMultiple) {
        floor = Math.max(floor, tag);
        alone.headSet(floor, true).clear();
      } else {
        alone.add(tag);
      }
      while (!alone.isEmpty() && alone.first() == floor + 1) {
        floor++;
        alone.pollFirst();
      }
      outcome.accepted((int) (floor + alone.size() - before));
    }

    @Override
    public void close() throws IOException {
      for (Channel each : readers) {
        end(each);
      }
      for (String queue : queues) {
        publisher.queueDelete(queue);
      }
      if (!exchange.isEmpty()) {
        publisher.exchangeDelete(exchange);
      }
      end(publisher);
    }

    private static void end(Channel channel) throws IOException {
      try {
        channel.close();
      } catch (TimeoutException e) {
        throw new IOException("a channel did not end", e);
      }
    }
  }
}
