package dev.weir.gateway.grpc;

import dev.weir.broker.GapReason;
import dev.weir.broker.SlowPolicy;
import dev.weir.broker.Start;
import dev.weir.broker.SubscriptionRequest;
import dev.weir.message.Codec;
import dev.weir.message.Cursor;
import dev.weir.message.TopicFilter;
import dev.weir.proto.v1.QueueStart;
import dev.weir.proto.v1.SlowConsumer;
import dev.weir.proto.v1.SubscriptionOpening;
import dev.weir.proto.v1.SubscriptionStart;
import java.time.Duration;
import java.util.List;

/// Subscriptions between the schema's words and the broker's.
final class Openings {
  private Openings() {}

  /// @throws dev.weir.base.WeirException with INVALID_TOPIC or INVALID_CURSOR
  /// @throws IllegalArgumentException for numbers out of range
  static SubscriptionRequest request(SubscriptionOpening opening) {
    List<TopicFilter> filters = opening.getFiltersList().stream().map(TopicFilter::parse).toList();
    boolean takesColumns = opening.getCodecsList().contains(Codec.COLUMNAR_ZSTD.number());
    return new SubscriptionRequest(
        filters,
        start(opening.getStart()),
        opening.getEndAtTail(),
        takesColumns,
        opening.getWithRetained(),
        policy(opening.getSlow()));
  }

  private static SlowPolicy policy(SlowConsumer slow) {
    SlowPolicy.Action action =
        switch (slow.getAction()) {
          case SLOW_ACTION_UNSPECIFIED, SLOW_ACTION_SPILL -> SlowPolicy.Action.SPILL;
          case SLOW_ACTION_BLOCK -> SlowPolicy.Action.BLOCK;
          case SLOW_ACTION_CONFLATE -> SlowPolicy.Action.CONFLATE;
          case SLOW_ACTION_DROP_OLDEST -> SlowPolicy.Action.DROP_OLDEST;
          case SLOW_ACTION_DISCONNECT -> SlowPolicy.Action.DISCONNECT;
          case UNRECOGNIZED ->
              throw new IllegalArgumentException(
                  "the slow action is " + slow.getActionValue() + ", which is not known");
        };
    SlowPolicy policy = SlowPolicy.of(action);
    if (slow.getMaxBehind() != 0) {
      policy = policy.withMaxBehind(slow.getMaxBehind());
    }
    return slow.getMaxHoldMillis() == 0
        ? policy
        : policy.withMaxHold(Duration.ofMillis(slow.getMaxHoldMillis()));
  }

  /// Where a new queue begins.
  static Start start(QueueStart start) {
    return switch (start.getStartCase()) {
      case START_NOT_SET -> new Start.Live();
      case FIRST -> new Start.First();
      case LAST -> new Start.Last(start.getLast());
      case TIME_MICROS -> new Start.AtTime(start.getTimeMicros());
      case CURSOR -> new Start.At(Cursor.parse(start.getCursor()));
    };
  }

  private static Start start(SubscriptionStart start) {
    return switch (start.getStartCase()) {
      case START_NOT_SET, LIVE -> new Start.Live();
      case FIRST -> new Start.First();
      case LAST -> start.getLast() == 0 ? new Start.Live() : new Start.Last(start.getLast());
      case TIME_MICROS -> new Start.AtTime(start.getTimeMicros());
      case CURSOR -> new Start.At(Cursor.parse(start.getCursor()));
    };
  }

  static dev.weir.proto.v1.GapReason reason(GapReason reason) {
    return switch (reason) {
      case RETENTION -> dev.weir.proto.v1.GapReason.GAP_REASON_RETENTION;
      case DAMAGE -> dev.weir.proto.v1.GapReason.GAP_REASON_DAMAGE;
      case DROPPED -> dev.weir.proto.v1.GapReason.GAP_REASON_DROPPED;
      case CONFLATED -> dev.weir.proto.v1.GapReason.GAP_REASON_CONFLATED;
    };
  }
}
