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
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
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
}
