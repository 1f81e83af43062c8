package dev.weir.client;

import dev.weir.base.Checks;
import java.time.Duration;

/// How to consume from a queue.
///
/// @param queue its name
/// @param prefetch messages that the consumer may hold, 1 to 10,000
/// @param handlers how many messages are handled at a time, 1 to 1,000; each on a virtual thread
/// @param isManual whether the handler settles; else a message is acked when the handler returns
///   and nacked when it throws
/// @param drain how long [QueueConsumer#close] waits for handlers and acks, up to 1 h
public record ConsumeOptions(
    String queue, int prefetch, int handlers, boolean isManual, Duration drain) {
  static final int MAX_PREFETCH = 10_000;

  public ConsumeOptions {
    Checks.argument(!queue.isBlank(), "queue is empty");
    Checks.range("prefetch", prefetch, 1, MAX_PREFETCH);
    Checks.range("handlers", handlers, 1, 1_000);
    Checks.range("drain milliseconds", drain.toMillis(), 0, 3_600_000);
  }

  /// One message at a time, 16 ahead: enough to hide a round trip of 10 ms behind handlers of 1 ms.
  public static ConsumeOptions of(String queue) {
    return new ConsumeOptions(queue, 16, 1, false, Duration.ofSeconds(10));
  }

  public ConsumeOptions withPrefetch(int messages) {
    return new ConsumeOptions(queue, messages, handlers, isManual, drain);
  }

  public ConsumeOptions withHandlers(int count) {
    return new ConsumeOptions(queue, prefetch, count, isManual, drain);
  }

  /// The handler settles each message, before it returns or later.
  public ConsumeOptions settledByHand() {
    return new ConsumeOptions(queue, prefetch, handlers, true, drain);
  }

  public ConsumeOptions withDrain(Duration time) {
    return new ConsumeOptions(queue, prefetch, handlers, isManual, time);
  }
}
