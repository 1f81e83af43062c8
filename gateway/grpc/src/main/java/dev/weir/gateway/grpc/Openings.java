package dev.weir.gateway.grpc;

import dev.weir.broker.GapReason;
import dev.weir.broker.Start;
import dev.weir.broker.SubscriptionRequest;
import dev.weir.message.Codec;
import dev.weir.message.Cursor;
import dev.weir.message.TopicFilter;
import dev.weir.proto.v1.SubscriptionOpening;
import dev.weir.proto.v1.SubscriptionStart;
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
        filters, start(opening.getStart()), opening.getEndAtTail(), takesColumns);
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
    };
  }
}
