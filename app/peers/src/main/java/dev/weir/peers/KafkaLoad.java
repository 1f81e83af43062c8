package dev.weir.peers;

import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import dev.weir.bench.data.DataPool;
import dev.weir.bench.data.DataSet;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Ships the bench's data with Kafka's own producer (acks=all, idempotent, one partition) and reads it
/// back. It says `begin` when the timed part begins and `end …` with the figures of the bench.
///
///     KafkaLoad HOST:PORT COMPRESSION DATA_SET SEED BYTES SECONDS WARM_UP_SECONDS
public final class KafkaLoad {
  private static final String TOPIC = "ship";
  private static final ByteSize POOL_SIZE = ByteSize.ofMebibytes(48);
  private static final Duration SILENCE = Duration.ofSeconds(5);

  private final KafkaProducer<byte[], byte[]> producer;
  private final DataPool pool;
  private final AtomicReference<Exception> failure = new AtomicReference<>();
  private final AtomicLong acked = new AtomicLong();
  private volatile Histogram nanos = new ConcurrentHistogram(3);
  private long next;

  private KafkaLoad(KafkaProducer<byte[], byte[]> producer, DataPool pool) {
    this.producer = producer;
    this.pool = pool;
  }

  public static void main(String[] arguments) {
    DataPool pool =
        new DataPool(DataSet.parse(arguments[2]), Long.parseLong(arguments[3]), POOL_SIZE);
    long total;
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(producing(arguments[0], arguments[1]))) {
      KafkaLoad load = new KafkaLoad(producer, pool);
      load.ship(Long.MAX_VALUE, Duration.ofSeconds(Long.parseLong(arguments[6])));
      total =
          load.measure(
              Long.parseLong(arguments[4]), Duration.ofSeconds(Long.parseLong(arguments[5])));
    }
    System.out.println("read " + missing(arguments[0], pool, total));
  }

  private static Properties producing(String servers, String compression) {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", servers);
    properties.put("acks", "all");
    properties.put("enable.idempotence", "true");
    properties.put("compression.type", compression);
    // As large and as patient as Weir's batches, and room for a window over 64 ms at 400 Mbit/s.
    properties.put("batch.size", "262144");
    properties.put("linger.ms", "20");
    properties.put("buffer.memory", "33554432");
    properties.put("max.request.size", "2097152");
    properties.put("send.buffer.bytes", "-1");
    properties.put("key.serializer", ByteArraySerializer.class.getName());
    properties.put("value.serializer", ByteArraySerializer.class.getName());
    return properties;
  }

  private long measure(long bytes, Duration longest) {
    nanos = new ConcurrentHistogram(3);
    long first = next;
    double cpuBefore = cpuSeconds();
    System.out.println("begin");
    long startNanos = System.nanoTime();
    long shipped = ship(bytes, longest);
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    System.out.println(
        "end seconds="
            + seconds
            + " bytes="
            + (double) shipped
            + " messages="
            + (double) (next - first)
            + " firstNumber="
            + (double) first
            + " ackP50Ms="
            + nanos.getValueAtPercentile(50) / 1e6
            + " ackP99Ms="
            + nanos.getValueAtPercentile(99) / 1e6
            + " cpuSeconds="
            + (cpuSeconds() - cpuBefore));
    return next;
  }

  private long ship(long bytes, Duration longest) {
    long endNanos = System.nanoTime() + longest.toNanos();
    long shipped = 0;
    while (shipped < bytes && System.nanoTime() < endNanos) {
      byte[] body = pool.body(next++);
      long sentNanos = System.nanoTime();
      var _ =
          producer.send(
              new ProducerRecord<>(TOPIC, 0, null, body),
              (_, fault) -> {
                if (fault == null) {
                  acked.incrementAndGet();
                  nanos.recordValue(System.nanoTime() - sentNanos);
                } else {
                  failure.compareAndSet(null, fault);
                }
              });
      shipped += body.length;
    }
    producer.flush();
    if (failure.get() != null) {
      throw new IllegalStateException("a message was not acked", failure.get());
    }
    return shipped;
  }

  /// `stored=N lost=N duplicated=N damaged=N` of what the broker has.
  private static String missing(String servers, DataPool pool, long total) {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", servers);
    properties.put("key.deserializer", ByteArrayDeserializer.class.getName());
    properties.put("value.deserializer", ByteArrayDeserializer.class.getName());
    properties.put("fetch.max.bytes", "16777216");
    BitSet seen = new BitSet((int) total);
    long stored = 0;
    long damaged = 0;
    long duplicated = 0;
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties)) {
      TopicPartition partition = new TopicPartition(TOPIC, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      var records = consumer.poll(SILENCE);
      while (stored < total && !records.isEmpty()) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
          stored++;
          Bytes body = Bytes.wrap(record.value());
          long number = pool.number(body);
          boolean isOurs = number >= 0 && number < total && pool.isBody(number, body);
          damaged += isOurs ? 0 : 1;
          duplicated += isOurs && seen.get((int) number) ? 1 : 0;
          if (isOurs) {
            seen.set((int) number);
          }
        }
        records = stored < total ? consumer.poll(SILENCE) : records;
      }
    }
    long lost = total - seen.cardinality();
    return "stored=" + stored + " lost=" + lost + " duplicated=" + duplicated + " damaged=" + damaged;
  }

  private static double cpuSeconds() {
    return ProcessHandle.current()
        .info()
        .totalCpuDuration()
        .map(time -> time.toNanos() / 1e9)
        .orElse(Double.NaN);
  }
}
