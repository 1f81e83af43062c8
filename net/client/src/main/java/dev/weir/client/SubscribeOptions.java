package dev.weir.client;

import dev.weir.base.Checks;
import dev.weir.message.TopicFilter;
import java.util.List;

/// What to read.
///
/// @param filters topics with `+` and `#` as in MQTT, 1 to 64
/// @param start where to begin
/// @param endAtTail end once everything that was stored at the start is delivered
/// @param bufferMessages what an iterator lets the server send ahead, 1 to 1,000,000
/// @param withRetained begin with the retained messages that stand before the start; after a lost
///   connection in their midst they come again
/// @param slow what the server does when the reader does not keep up
public record SubscribeOptions(
    List<String> filters,
    Start start,
    boolean endAtTail,
    int bufferMessages,
    boolean withRetained,
    SlowPolicy slow) {
  /// Enough to hide a round trip of 10 ms at 100,000 messages a second.
  public static final int DEFAULT_BUFFER_MESSAGES = 1_000;

  private static final int MAX_FILTERS = 64;

  public SubscribeOptions {
    filters = List.copyOf(filters);
    Checks.range("filters", filters.size(), 1, MAX_FILTERS);
    filters.forEach(TopicFilter::parse);
    Checks.range("bufferMessages", bufferMessages, 1, 1_000_000);
  }

  /// Without retained messages; what is not read in time waits in the log.
  public SubscribeOptions(
      List<String> filters, Start start, boolean endAtTail, int bufferMessages) {
    this(filters, start, endAtTail, bufferMessages, false, SlowPolicy.SPILL);
  }

  public static SubscribeOptions of(String filter, Start start) {
    return new SubscribeOptions(List.of(filter), start, false, DEFAULT_BUFFER_MESSAGES);
  }

  public SubscribeOptions endingAtTail() {
    return new SubscribeOptions(filters, start, true, bufferMessages, withRetained, slow);
  }

  public SubscribeOptions withBufferMessages(int count) {
    return new SubscribeOptions(filters, start, endAtTail, count, withRetained, slow);
  }

  /// Beginning with what is retained.
  public SubscribeOptions beginningWithRetained() {
    return new SubscribeOptions(filters, start, endAtTail, bufferMessages, true, slow);
  }

  public SubscribeOptions withSlow(SlowPolicy value) {
    return new SubscribeOptions(filters, start, endAtTail, bufferMessages, withRetained, value);
  }
}
