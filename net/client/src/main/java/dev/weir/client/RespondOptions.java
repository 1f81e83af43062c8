package dev.weir.client;

import dev.weir.base.Checks;
import java.time.Duration;

/// What a [Responder] answers.
///
/// @param filter topics, with `+` and `#`
/// @param capacity requests in hand at a time, each on a virtual thread of its own, 1 to 10,000
/// @param drain how long [Responder#close] waits for handlers, up to 1 h
public record RespondOptions(String filter, int capacity, Duration drain) {
  public static final int MAX_CAPACITY = 10_000;

  /// More than a machine has cores, for handlers that wait for others.
  private static final int DEFAULT_CAPACITY = 64;

  public RespondOptions {
    Checks.argument(!filter.isEmpty(), "filter is empty");
    Checks.range("capacity", capacity, 1, MAX_CAPACITY);
    Checks.range("drain milliseconds", drain.toMillis(), 0, 3_600_000);
  }

  /// With 64 requests in hand at a time.
  public static RespondOptions of(String filter) {
    return new RespondOptions(filter, DEFAULT_CAPACITY, Duration.ofSeconds(10));
  }

  public RespondOptions withCapacity(int requests) {
    return new RespondOptions(filter, requests, drain);
  }

  public RespondOptions withDrain(Duration time) {
    return new RespondOptions(filter, capacity, time);
  }
}
