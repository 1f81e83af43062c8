package dev.weir.bench.ship;

import dev.weir.base.Clock;
import dev.weir.bench.BenchFiles;
import dev.weir.bench.Children;
import dev.weir.lab.Lab;
import dev.weir.lab.Side;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// One Kafka broker on the far side, in KRaft mode with a fresh directory, its own controller and
/// topics of one partition; a child process that is ended by its handle. It has three listeners:
/// what the near side dials, what the far side reads from past the path, and the controller's.
///
/// One thread starts and closes it.
final class KafkaBroker implements AutoCloseable {
  private static final String READY = "Kafka Server started";
  private static final Duration LONGEST_START = Duration.ofSeconds(90);
  private static final Duration END_WAIT = Duration.ofSeconds(10);
  private static final Duration LOOK = Duration.ofMillis(50);

  /// Sixteen bytes in URL-safe base 64: nobody else has this cluster.
  private static final String CLUSTER = "d2Vpci1iZW5jaC1wZWVyLg";

  private final Process process;
  private final InetSocketAddress dialled;
  private final InetSocketAddress inside;

  private KafkaBroker(Process process, InetSocketAddress dialled, InetSocketAddress inside) {
    this.process = process;
    this.dialled = dialled;
    this.inside = inside;
  }

  /// Formats a directory, starts the broker and waits until it serves.
  ///
  /// @param java the words that start a JVM with Kafka's class path
  /// @param directory empty
  /// @param hasFsync whether every append is fsynced before its ack
  /// @throws IOException when it does not start, with the last lines that it said
  static KafkaBroker start(
      List<String> java, Path directory, Lab lab, boolean hasFsync, Clock clock)
      throws IOException {
    InetSocketAddress near = FarAddress.of(lab, 9092);
    InetSocketAddress far = FarAddress.of(lab, 9094);
    InetSocketAddress dialled = lab.dial(near);
    String text =
        properties(FarAddress.of(lab, 9093), near, far, dialled, directory.resolve("data"));
    Path properties =
        Files.writeString(
            Files.createDirectories(directory).resolve("broker.properties"),
            hasFsync ? text + "log.flush.interval.messages=1\n" : text);
    format(java, properties, directory.resolve("format.log"));
    Path log = directory.resolve("broker.log");
    Process process = run(lab.command(Side.FAR, brokerWords(java, properties)), log);
    KafkaBroker broker = new KafkaBroker(process, dialled, far);
    try {
      broker.awaitReady(log, clock);
      return broker;
    } catch (IOException e) {
      broker.close();
      throw e;
    }
  }

  private static String properties(
      InetSocketAddress controller,
      InetSocketAddress near,
      InetSocketAddress far,
      InetSocketAddress dialled,
      Path data) {
    return """
    process.roles=broker,controller
    node.id=1
    controller.quorum.bootstrap.servers=%1$s
    controller.listener.names=CONTROLLER
    inter.broker.listener.name=FAR
    listeners=NEAR://%2$s,FAR://%3$s,CONTROLLER://%1$s
    advertised.listeners=NEAR://%4$s,FAR://%3$s,CONTROLLER://%1$s
    listener.security.protocol.map=NEAR:PLAINTEXT,FAR:PLAINTEXT,CONTROLLER:PLAINTEXT
    log.dirs=%5$s
    num.partitions=1
    offsets.topic.num.partitions=1
    offsets.topic.replication.factor=1
    transaction.state.log.num.partitions=1
    transaction.state.log.replication.factor=1
    transaction.state.log.min.isr=1
    share.coordinator.state.topic.num.partitions=1
    share.coordinator.state.topic.replication.factor=1
    share.coordinator.state.topic.min.isr=1
    group.initial.rebalance.delay.ms=0
    # The default of 100 KiB would be the window over a long path; -1 leaves it to the kernel.
    socket.receive.buffer.bytes=-1
    socket.send.buffer.bytes=-1
    """
        .formatted(
            FarAddress.words(controller),
            FarAddress.words(near),
            FarAddress.words(far),
            FarAddress.words(dialled),
            data);
  }

  private static void format(List<String> java, Path properties, Path log) throws IOException {
    List<String> words = new ArrayList<>(java);
    words.addAll(1, List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx128m"));
    words.addAll(List.of("kafka.tools.StorageTool", "format", "--standalone"));
    words.addAll(List.of("-t", CLUSTER, "-c", properties.toString()));
    Process process = run(words, log);
    try {
      if (!process.waitFor(LONGEST_START.toSeconds(), TimeUnit.SECONDS)
          || process.exitValue() != 0) {
        throw new IOException("Kafka's storage was not formatted:\n" + BenchFiles.tail(log));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while Kafka's storage was formatted", e);
    } finally {
      Children.end(process, END_WAIT);
    }
  }

  /// The collector and pause of Kafka's own script, half its heap. It says little, but when it is
  /// ready and why it fails.
  private static List<String> brokerWords(List<String> java, Path properties) {
    List<String> words = new ArrayList<>(java);
    words.addAll(
        1,
        List.of(
            "-Xms512m",
            "-Xmx512m",
            "-XX:+UseG1GC",
            "-XX:MaxGCPauseMillis=20",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info"));
    words.addAll(List.of("kafka.Kafka", properties.toString()));
    return words;
  }

  private static Process run(List<String> words, Path log) throws IOException {
    return Children.start(
        new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log.toFile()));
  }

  private void awaitReady(Path log, Clock clock) throws IOException {
    long endNanos = clock.nanoTime() + LONGEST_START.toNanos();
    while (!Files.readString(log).contains(READY)) {
      if (!process.isAlive()) {
        throw new IOException(
            "Kafka's broker ended with " + process.exitValue() + ":\n" + BenchFiles.tail(log));
      }
      if (clock.nanoTime() > endNanos) {
        throw new IOException(
            "Kafka's broker did not start within "
                + LONGEST_START.toSeconds()
                + " s:\n"
                + BenchFiles.tail(log));
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
  }

  /// `HOST:PORT` for the near side.
  String dialled() {
    return FarAddress.words(dialled);
  }

  /// `HOST:PORT` for the far side.
  String inside() {
    return FarAddress.words(inside);
  }

  double cpuSeconds() {
    return Children.cpuSeconds(process);
  }

  @Override
  public void close() {
    Children.end(process, END_WAIT);
  }
}
