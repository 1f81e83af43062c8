package dev.weir.peer.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The pipes over a real broker, in processes of their own as the bench runs them.
final class PipesTest {
  private static final String TOPIC = "pipes";
  private static final int MESSAGES = 200;
  private static final Duration DEADLINE = Duration.ofSeconds(90);

  @TempDir private Path directory;
  private final List<Process> children = new ArrayList<>();
  private String broker = "";

  @BeforeEach
  void startBroker() throws Exception {
    int port = freePort();
    int controllerPort = freePort();
    broker = "127.0.0.1:" + port;
    String properties =
        """
        process.roles=broker,controller
        node.id=1
        controller.quorum.bootstrap.servers=127.0.0.1:%1$d
        controller.listener.names=CONTROLLER
        listeners=PLAINTEXT://127.0.0.1:%2$d,CONTROLLER://127.0.0.1:%1$d
        log.dirs=%3$s
        """
            .formatted(controllerPort, port, directory.resolve("data"));
    String file = Files.writeString(directory.resolve("broker.properties"), properties).toString();
    Process format =
        java(
            "kafka.tools.StorageTool",
            "format",
            "--standalone",
            "-t",
            "d2Vpci1waXBlcy10ZXN0MQ",
            "-c",
            file);
    assertThat(format.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(format.exitValue()).as(said()).isZero();
    java("kafka.Kafka", file);
    long endNanos = System.nanoTime() + DEADLINE.toNanos();
    while (!said().contains("Kafka Server started")) {
      assertThat(System.nanoTime()).as(said()).isLessThan(endNanos);
      LockSupport.parkNanos(50_000_000);
    }
  }

  @AfterEach
  void endChildren() throws InterruptedException {
    children.forEach(Process::destroy);
    for (Process child : children) {
      if (!child.waitFor(10, TimeUnit.SECONDS)) {
        child.destroyForcibly();
      }
    }
  }

  @Test
  void readsBackWhatWasSentInItsOrder() throws IOException {
    Random random = new Random(7);
    List<byte[]> sent = new ArrayList<>();
    Process producer = java("dev.weir.peer.kafka.ProducerPipe", broker, TOPIC, "16777216");
    BufferedReader said = producer.inputReader(StandardCharsets.UTF_8);
    DataOutputStream bodies = new DataOutputStream(producer.getOutputStream());

    for (int part = 0; part < 2; part++) {
      for (int i = 0; i < MESSAGES; i++) {
        byte[] body = new byte[1 + random.nextInt(300_000)];
        random.nextBytes(body);
        sent.add(body);
        bodies.writeInt(body.length);
        bodies.write(body);
      }
      bodies.writeInt(0);
      bodies.flush();
      assertThat(endOf(said)).matches("end ackP50Ms=\\d+\\.\\d{3} ackP99Ms=\\d+\\.\\d{3}");
    }

    Process consumer = java("dev.weir.peer.kafka.ConsumerPipe", broker, TOPIC);
    DataInputStream read = new DataInputStream(consumer.getInputStream());
    for (byte[] body : sent) {
      assertThat(read.readNBytes(read.readInt())).isEqualTo(body);
    }
    assertThat(read.read()).isEqualTo(-1);
  }

  private static String endOf(BufferedReader said) throws IOException {
    String line = said.readLine();
    while (line.startsWith("acked ")) {
      line = said.readLine();
    }
    return line;
  }

  private String said() throws IOException {
    Path errors = directory.resolve("errors");
    return Files.exists(errors) ? Files.readString(errors) : "";
  }

  private Process java(String... program) throws IOException {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    words.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
    words.add("-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info");
    words.addAll(List.of("-cp", System.getProperty("java.class.path")));
    words.addAll(List.of(program));
    Path errors = directory.resolve("errors");
    Process child =
        new ProcessBuilder(words)
            .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
            .start();
    children.add(child);
    return child;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
