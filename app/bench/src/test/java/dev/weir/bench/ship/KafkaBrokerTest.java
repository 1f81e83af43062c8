package dev.weir.bench.ship;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.ByteSize;
import dev.weir.base.Clock;
import dev.weir.bench.data.DataPool;
import dev.weir.bench.data.DataSet;
import dev.weir.lab.Lab;
import dev.weir.lab.PathSettings;
import dev.weir.lab.RelayLab;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is said when Kafka's processes do not start, and when its module is built. Broker, producer
/// and consumer themselves are tried in their module.
final class KafkaBrokerTest {
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();

  @TempDir private Path directory;

  @Test
  void saysWhatTheBrokerSaidWhenItDoesNotStart() throws IOException {
    try (Lab lab = RelayLab.open(PathSettings.parse("2/1000"), Clock.SYSTEM)) {
      assertThatThrownBy(() ->
              KafkaBroker.start(
                  List.of(JAVA, "-cp", directory.toString()),
                  directory.resolve("broker"),
                  lab,
                  true,
                  Clock.SYSTEM))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("kafka.tools.StorageTool");
    }
  }

  @Test
  void saysWhatTheProducerSaidWhenItEnds() throws IOException {
    DataPool pool = new DataPool(DataSet.LOGS, 7, ByteSize.ofMebibytes(1));
    List<String> words = List.of("sh", "-c", "echo no such broker >&2");
    Path errors = directory.resolve("errors");

    try (PipedProducer producer = PipedProducer.start(words, errors, Clock.SYSTEM, _ -> {})) {
      assertThatThrownBy(() -> producer.ship(pool, 1 << 20, Duration.ofMinutes(1)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("no such broker");
    }
  }

  @Test
  void readsTheAckTimesOfEachPart() throws IOException {
    DataPool pool = new DataPool(DataSet.LOGS, 7, ByteSize.ofMebibytes(1));
    int partBytes = Integer.BYTES + pool.body(0).length + Integer.BYTES;
    // It answers when it has read the part and its end, as a producer does: not before.
    String script = "echo acked 5; head -c " + partBytes + " >/dev/null; ";
    List<String> words =
        List.of("sh", "-c", script + "echo end ackP50Ms=1.5 ackP99Ms=20; cat >/dev/null");

    try (PipedProducer producer =
        PipedProducer.start(words, directory.resolve("errors"), Clock.SYSTEM, _ -> {})) {
      PipedProducer.Acks acks = producer.ship(pool, 1, Duration.ofMinutes(1));

      assertThat(acks).isEqualTo(new PipedProducer.Acks(1.5, 20));
      assertThat(producer.messages()).isEqualTo(1);
      assertThat(producer.bytes()).isEqualTo(pool.body(0).length);
    }
  }

  @Test
  void takesABuiltModuleAsItIs() throws IOException {
    KafkaModule module = module("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z");

    assertThat(module.classPath())
        .isEqualTo(directory.resolve("target/classes") + File.pathSeparator + "a.jar:b.jar");
  }

  @Test
  void buildsAModuleAnewWhoseSourcesAreNewer() throws IOException {
    KafkaModule module = module("2026-01-03T00:00:00Z", "2026-01-02T00:00:00Z");

    assertThatThrownBy(module::classPath)
        .as("its pom.xml is none")
        .hasMessageContaining("Maven did not build")
        .hasMessageContaining("pom.xml");
  }

  private KafkaModule module(String sourceTime, String builtTime) throws IOException {
    Path folder = Files.createDirectories(directory.resolve("src"));
    at("2025-01-01T00:00:00Z", Files.writeString(directory.resolve("pom.xml"), "<none"));
    at(sourceTime, Files.writeString(folder.resolve("A.java"), "class A {}"));
    at(sourceTime, folder);
    Path target = Files.createDirectories(directory.resolve("target"));
    at(builtTime, Files.writeString(target.resolve("class-path"), "a.jar:b.jar\n"));
    return new KafkaModule(directory);
  }

  private static void at(String time, Path file) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse(time)));
  }
}
