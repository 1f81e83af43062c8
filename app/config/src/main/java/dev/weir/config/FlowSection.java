package dev.weir.config;

import dev.weir.base.ByteSize;
import dev.weir.config.schema.Key;
import dev.weir.config.schema.Shape.Section;
import dev.weir.config.schema.Values;
import java.time.Duration;
import java.util.List;

/// The keys of `flow`.
final class FlowSection {
  private static final Key<ByteSize> CREDIT_BYTES =
      Key.of("creditBytes", Values.size("256KiB", "4GiB"))
          .defaults("16MiB")
          .about("How much all senders together may have in flight to the core.");
  private static final Key<Duration> HEARTBEAT =
      Key.of("heartbeat", Values.duration("100ms", "5m"))
          .defaults("5s")
          .about("How often each side of a link tells its progress; three missed ones end it.");
  private static final Key<Integer> V1_QUEUE =
      Key.of("v1Queue", Values.integer("messages", 1, 1_000_000))
          .defaults("1000")
          .about("How many messages of one version 1 client may wait to become durable.");
  private static final Key<FlowConfig.V1Overflow> V1_OVERFLOW =
      Key.of("v1Overflow", Values.choice(List.of(FlowConfig.V1Overflow.values())))
          .defaults("credit")
          .about("When that queue is full: stop reading, or drop the oldest and tell the client.");

  static final Section<FlowConfig> SECTION =
      new Section<>(
          "What may be in flight.",
          List.of(CREDIT_BYTES, HEARTBEAT, V1_QUEUE, V1_OVERFLOW),
          bound ->
              new FlowConfig(
                  bound.get(CREDIT_BYTES),
                  bound.get(HEARTBEAT),
                  bound.get(V1_QUEUE),
                  bound.get(V1_OVERFLOW)));

  private FlowSection() {}
}
