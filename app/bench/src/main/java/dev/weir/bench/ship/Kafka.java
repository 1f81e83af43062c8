package dev.weir.bench.ship;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.bench.BenchFiles;
import dev.weir.bench.Children;
import dev.weir.bench.data.DataPool;
import dev.weir.lab.Lab;
import dev.weir.lab.Side;
import dev.weir.lab.Way;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/// A peer: Kafka's producer on the near side (acks=all, idempotent, zstd), one broker on the far
/// one; then Kafka's consumer beside the broker, whose every message is compared. Producer and
/// consumer are pipes in processes of their own ([dev.weir.bench.PeerModule]), so that this program
/// needs no class of Kafka.
///
/// The producer sends from memory: it has no spool that would survive its process. Its buffer is as
/// large as a load may be ahead, and its ack times begin when a message enters it.
///
/// One thread runs it.
final class Kafka {
  private static final String TOPIC = "ship";
  private static final int PIPE_BUFFER_BYTES = 1 << 18;
  private static final Duration END_WAIT = Duration.ofSeconds(10);

  private final ShipOptions options;
  private final List<String> java;
  private final Clock clock;
  private final LongConsumer progress;

  /// @param classPath of the module
  /// @param progress told how many bytes are acked, now and then
  Kafka(ShipOptions options, String classPath, Clock clock, LongConsumer progress) {
    this.options = options;
    this.java =
        List.of(
            options.java().getFirst(),
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            classPath);
    this.clock = clock;
    this.progress = progress;
  }

  /// Ships the pool's bodies for as long as every mode does, and reads all of them back.
  ///
  /// @param bufferBytes of the producer
  /// @param hasFsync whether the broker fsyncs every append before its ack
  /// @param directory empty
  PeerOutcome run(DataPool pool, long bufferBytes, boolean hasFsync, Path directory, Lab lab)
      throws IOException {
    try (KafkaBroker broker =
            KafkaBroker.start(java, directory.resolve("broker"), lab, hasFsync, clock);
        PipedProducer producer =
            PipedProducer.start(
                lab.command(Side.NEAR, producerWords(broker, bufferBytes)),
                directory.resolve("producer.log"),
                clock,
                progress)) {
      PeerOutcome timed = ship(pool, producer, broker, lab);
      List<String> words = lab.command(Side.FAR, consumerWords(broker));
      Path errors = directory.resolve("consumer.log");
      return timed.readBack(readBack(words, errors, pool, producer.messages()));
    }
  }

  private List<String> producerWords(KafkaBroker broker, long bufferBytes) {
    List<String> words = new ArrayList<>(java);
    words.addAll(1, List.of("-XX:+UseSerialGC", "-Xms256m", "-Xmx384m"));
    words.add("dev.weir.peer.kafka.ProducerPipe");
    words.addAll(List.of(broker.dialled(), TOPIC, Long.toString(bufferBytes)));
    return words;
  }

  private List<String> consumerWords(KafkaBroker broker) {
    List<String> words = new ArrayList<>(java);
    words.addAll(1, List.of("-XX:+UseSerialGC", "-Xmx256m"));
    words.addAll(List.of("dev.weir.peer.kafka.ConsumerPipe", broker.inside(), TOPIC));
    return words;
  }

  private PeerOutcome ship(DataPool pool, PipedProducer producer, KafkaBroker broker, Lab lab)
      throws IOException {
    producer.ship(pool, Long.MAX_VALUE, options.warmUp());
    long firstNumber = producer.messages();
    long bytesBefore = producer.bytes();
    long wireBefore = lab.totals(Way.OUT).bytes();
    double nearBefore = producer.cpuSeconds();
    double farBefore = broker.cpuSeconds();
    long startNanos = clock.nanoTime();
    PipedProducer.Acks acks = producer.ship(pool, options.bytes().bytes(), options.longest());
    LoadFigures load =
        new LoadFigures(
            (clock.nanoTime() - startNanos) / 1e9,
            (double) (producer.bytes() - bytesBefore),
            (double) (producer.messages() - firstNumber),
            (double) firstNumber,
            acks.p50Ms(),
            acks.p99Ms(),
            producer.cpuSeconds() - nearBefore);
    return new PeerOutcome(
        load,
        lab.totals(Way.OUT).bytes() - wireBefore,
        broker.cpuSeconds() - farBefore,
        Optional.empty());
  }

  private static ShipAudit.Verdict readBack(
      List<String> words, Path errors, DataPool pool, long ackedCount) throws IOException {
    Process consumer = Children.start(new ProcessBuilder(words).redirectError(errors.toFile()));
    try (DataInputStream bodies =
        new DataInputStream(
            new BufferedInputStream(consumer.getInputStream(), PIPE_BUFFER_BYTES))) {
      BodyCount count = new BodyCount(pool, ackedCount);
      byte[] length = bodies.readNBytes(Integer.BYTES);
      while (length.length == Integer.BYTES) {
        count.add(Bytes.wrap(bodies.readNBytes(ByteBuffer.wrap(length).getInt())));
        length = bodies.readNBytes(Integer.BYTES);
      }
      if (!consumer.waitFor(END_WAIT.toSeconds(), TimeUnit.SECONDS) || consumer.exitValue() != 0) {
        throw new IOException("Kafka's consumer ended early:\n" + BenchFiles.tail(errors));
      }
      return count.verdict();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while Kafka's messages were read back", e);
    } finally {
      Children.end(consumer, END_WAIT);
    }
  }
}
