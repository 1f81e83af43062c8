package dev.weir.broker;

import dev.weir.base.Checks;
import dev.weir.message.TopicFilter;
import java.util.List;

/// What a subscription wants.
///
/// @param filters a message is delivered once when any of them matches, 1 to 64
/// @param start where it begins
/// @param isEndingAtTail whether it ends once everything that was stored when it began is delivered
/// @param takesColumns whether a delivery may have the codec COLUMNAR_ZSTD; else such batches are
///   turned into rows for it
/// @param isWithRetained whether it begins with the retained messages of these filters that stand
///   before its start
/// @param slow what happens when its consumer does not keep up
public record SubscriptionRequest(
    List<TopicFilter> filters,
    Start start,
    boolean isEndingAtTail,
    boolean takesColumns,
    boolean isWithRetained,
    SlowPolicy slow) {
  /// Each batch is held against each filter.
  public static final int MAX_FILTERS = 64;

  public SubscriptionRequest {
    filters = List.copyOf(filters);
    Checks.range("filters", filters.size(), 1, MAX_FILTERS);
  }

  /// Without retained messages; what it does not take stays in the log.
  public SubscriptionRequest(
      List<TopicFilter> filters, Start start, boolean isEndingAtTail, boolean takesColumns) {
    this(filters, start, isEndingAtTail, takesColumns, false, SlowPolicy.SPILL);
  }

  /// For a subscriber that decodes with this version's own code.
  public SubscriptionRequest(List<TopicFilter> filters, Start start, boolean isEndingAtTail) {
    this(filters, start, isEndingAtTail, true);
  }

  /// One filter, without an end.
  public static SubscriptionRequest of(String filter, Start start) {
    return new SubscriptionRequest(List.of(TopicFilter.parse(filter)), start, false);
  }

  /// The same, ending at the tail.
  public SubscriptionRequest endingAtTail() {
    return new SubscriptionRequest(filters, start, true, takesColumns, isWithRetained, slow);
  }

  /// The same, beginning with what is retained.
  public SubscriptionRequest withRetained() {
    return new SubscriptionRequest(filters, start, isEndingAtTail, takesColumns, true, slow);
  }

  /// The same with another policy.
  public SubscriptionRequest withSlow(SlowPolicy value) {
    return new SubscriptionRequest(
        filters, start, isEndingAtTail, takesColumns, isWithRetained, value);
  }
}
