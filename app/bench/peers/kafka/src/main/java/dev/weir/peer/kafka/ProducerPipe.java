package dev.weir.peer.kafka;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// Kafka's producer behind a pipe: sends every body that comes in, waits for the acks of all when it
/// is told to, and says how long they took.
///
/// ```
///   standard input    { length i32, body }*     length 0: wait until all before are acked
///   standard output   acked BYTES               every few megabytes
///                     end ackP50Ms=… ackP99Ms=…  after each length 0, of the bodies since the last
/// ```
///
///     ProducerPipe HOST:PORT TOPIC BUFFER_BYTES
///
/// The main thread reads and sends; acks come on the producer's own thread.
public final class ProducerPipe implements AutoCloseable {
  /// What one request may carry; five are in flight, which fills 64 ms at 400 Mbit/s. The broker's
  /// limit is 1,048,588 bytes.
  private static final int BATCH_BYTES = 1_000_000;

  private static final int LINGER_MILLIS = 10;

  /// Progress is said each time so many more bytes are acked.
  private static final long SAY_BYTES = 4_000_000;

  private static final int INPUT_BUFFER_BYTES = 1 << 16;

  private final String topic;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Histogram ackNanos = new Histogram(3);
  private long ackedBytes;
  private long saidBytes;
  private volatile @Nullable Exception failure;

  private ProducerPipe(String bootstrap, String topic, String bufferBytes) {
    this.topic = topic;
    this.producer =
        new KafkaProducer<>(
            settings(bootstrap, bufferBytes), new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static Map<String, Object> settings(String bootstrap, String bufferBytes) {
    return Map.ofEntries(
        Map.entry(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap),
        Map.entry(ProducerConfig.ACKS_CONFIG, "all"),
        Map.entry(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true),
        Map.entry(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd"),
        Map.entry(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES),
        Map.entry(ProducerConfig.LINGER_MS_CONFIG, LINGER_MILLIS),
        Map.entry(ProducerConfig.BUFFER_MEMORY_CONFIG, Long.valueOf(bufferBytes)),
        // The default of 128 KiB would be the window over a long path; -1 leaves it to the kernel.
        Map.entry(ProducerConfig.SEND_BUFFER_CONFIG, -1));
  }

  public static void main(String[] arguments) throws Exception {
    try (ProducerPipe pipe = new ProducerPipe(arguments[0], arguments[1], arguments[2]);
        DataInputStream bodies =
            new DataInputStream(new BufferedInputStream(System.in, INPUT_BUFFER_BYTES))) {
      pipe.run(bodies);
    }
  }

  /// Ends when the input does.
  private void run(DataInputStream bodies) throws Exception {
    while (true) {
      byte[] first = bodies.readNBytes(Integer.BYTES);
      if (first.length < Integer.BYTES) {
        return;
      }
      int length = ByteBuffer.wrap(first).getInt();
      if (length == 0) {
        finishPart();
      } else {
        send(bodies.readNBytes(length));
      }
    }
  }

  private void send(byte[] body) {
    long sentNanos = System.nanoTime();
    ProducerRecord<byte[], byte[]> message = new ProducerRecord<>(topic, 0, null, body);
    var _ = producer.send(message, (_, refused) -> acked(sentNanos, body.length, refused));
  }

  private void acked(long sentNanos, int bytes, @Nullable Exception refused) {
    if (refused != null) {
      failure = refused;
      return;
    }
    ackNanos.recordValue(System.nanoTime() - sentNanos);
    ackedBytes += bytes;
    if (ackedBytes - saidBytes >= SAY_BYTES) {
      saidBytes = ackedBytes;
      System.out.println("acked " + ackedBytes);
    }
  }

  /// After the flush every callback has run, and none runs before the next send.
  private void finishPart() throws IOException {
    producer.flush();
    @Nullable Exception refused = failure;
    if (refused != null) {
      throw new IOException("a message was not acked", refused);
    }
    System.out.printf(
        Locale.ROOT,
        "end ackP50Ms=%.3f ackP99Ms=%.3f%n",
        ackNanos.getValueAtPercentile(50) / 1e6,
        ackNanos.getValueAtPercentile(99) / 1e6);
    ackNanos.reset();
  }

  @Override
  public void close() {
    producer.close();
  }
}
