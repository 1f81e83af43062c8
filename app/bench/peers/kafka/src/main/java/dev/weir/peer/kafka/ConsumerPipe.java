package dev.weir.peer.kafka;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// Kafka's consumer before a pipe: everything that a topic's only partition holds, from its first
/// message to the last one at the time, as `{ length i32, body }*` on the standard output.
///
///     ConsumerPipe HOST:PORT TOPIC
public final class ConsumerPipe {
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final int OUTPUT_BUFFER_BYTES = 1 << 18;

  private ConsumerPipe() {}

  public static void main(String[] arguments) throws IOException {
    TopicPartition partition = new TopicPartition(arguments[1], 0);
    Map<String, Object> settings =
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            arguments[0],
            ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
            false);
    DataOutputStream bodies =
        new DataOutputStream(new BufferedOutputStream(System.out, OUTPUT_BUFFER_BYTES));
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
      while (consumer.position(partition) < end) {
        for (ConsumerRecord<byte[], byte[]> message : consumer.poll(POLL)) {
          bodies.writeInt(message.value().length);
          bodies.write(message.value());
        }
      }
    }
    bodies.flush();
  }
}
