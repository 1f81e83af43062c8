package dev.weir.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.raft.DynamicVoters;

/// One Apache Kafka broker in KRaft mode with a fresh directory, fsyncing its log after every append,
/// so that an ack is worth what Weir's is. It ends when it is told to.
///
///     KafkaBroker DIRECTORY HOST PORT
public final class KafkaBroker {
  private static final int NODE = 1;
  private static final String CONTROLLER = "CONTROLLER";

  private KafkaBroker() {}

  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    String host = arguments[1];
    int port = Integer.parseInt(arguments[2]);
    int controllerPort = port + 1;
    format(directory, host, controllerPort);
    KafkaConfig config = KafkaConfig.fromProps(properties(directory, host, port), false);
    KafkaRaftServer server = new KafkaRaftServer(config, Time.SYSTEM);
    server.startup();
    CountDownLatch ended = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  server.shutdown();
                  ended.countDown();
                },
                "weir-peers-end"));
    System.err.println("ready on " + host + ":" + port);
    ended.await();
  }

  private static void format(Path directory, String host, int port) throws Exception {
    Files.createDirectories(directory);
    new Formatter()
        .setNodeId(NODE)
        .setClusterId(Uuid.randomUuid().toString())
        .addDirectory(directory.toString())
        .setMetadataLogDirectory(directory.toString())
        .setControllerListenerName(CONTROLLER)
        .setInitialControllers(
            DynamicVoters.parse(NODE + "@" + host + ":" + port + ":" + Uuid.randomUuid()))
        .setHasDynamicQuorum(true)
        .run();
  }

  private static Properties properties(Path directory, String host, int port) throws IOException {
    String controller = host + ":" + (port + 1);
    Properties properties = new Properties();
    properties.put("process.roles", "broker,controller");
    properties.put("node.id", Integer.toString(NODE));
    properties.put("controller.quorum.bootstrap.servers", controller);
    properties.put("listeners", "PLAINTEXT://" + host + ":" + port + ",CONTROLLER://" + controller);
    properties.put("advertised.listeners", "PLAINTEXT://" + host + ":" + port);
    properties.put("controller.listener.names", CONTROLLER);
    properties.put("log.dirs", directory.toString());
    properties.put("log.flush.interval.messages", "1");
    properties.put("num.partitions", "1");
    properties.put("offsets.topic.num.partitions", "1");
    properties.put("offsets.topic.replication.factor", "1");
    properties.put("transaction.state.log.num.partitions", "1");
    properties.put("transaction.state.log.replication.factor", "1");
    properties.put("transaction.state.log.min.isr", "1");
    properties.put("share.coordinator.state.topic.num.partitions", "1");
    properties.put("share.coordinator.state.topic.replication.factor", "1");
    properties.put("share.coordinator.state.topic.min.isr", "1");
    properties.put("group.initial.rebalance.delay.ms", "0");
    return properties;
  }
}
