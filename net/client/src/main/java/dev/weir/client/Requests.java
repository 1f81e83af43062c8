package dev.weir.client;

import dev.weir.base.ErrorCode;
import dev.weir.message.Codec;
import dev.weir.proto.v1.QueueStart;
import dev.weir.proto.v1.SlowAction;
import dev.weir.proto.v1.SlowConsumer;
import dev.weir.proto.v1.SubscribeRequest;
import dev.weir.proto.v1.SubscriptionOpening;
import dev.weir.proto.v1.SubscriptionStart;
import io.grpc.Status;

/// The words of the subscription protocol.
final class Requests {
  private Requests() {}

  /// An opening: at the positions when there are any, else where the options say.
  static SubscribeRequest opening(
      SubscribeOptions options, Positions positions, long credit, boolean isWithRetained) {
    SubscriptionStart start =
        positions.isEmpty()
            ? start(options.start())
            : SubscriptionStart.newBuilder().setCursor(positions.cursor().token()).build();
    return SubscribeRequest.newBuilder()
        .setOpen(
            SubscriptionOpening.newBuilder()
                .setAcceptsDictionaries(true)
                .addAllFilters(options.filters())
                .setStart(start)
                .setCreditLimitMessages(credit)
                .setEndAtTail(options.endAtTail())
                .setWithRetained(isWithRetained)
                .setSlow(slow(options.slow()))
                .addCodecs(Codec.COLUMNAR_ZSTD.number()))
        .build();
  }

  private static SlowConsumer slow(SlowPolicy policy) {
    return SlowConsumer.newBuilder()
        .setAction(
            switch (policy.action()) {
              case SPILL -> SlowAction.SLOW_ACTION_SPILL;
              case BLOCK -> SlowAction.SLOW_ACTION_BLOCK;
              case CONFLATE -> SlowAction.SLOW_ACTION_CONFLATE;
              case DROP_OLDEST -> SlowAction.SLOW_ACTION_DROP_OLDEST;
              case DISCONNECT -> SlowAction.SLOW_ACTION_DISCONNECT;
            })
        .setMaxBehind(policy.maxBehind())
        .setMaxHoldMillis(policy.maxHold().toMillis())
        .build();
  }

  /// Where a new queue begins; not set for what is published from now on.
  static QueueStart queueStart(Start start) {
    QueueStart.Builder builder = QueueStart.newBuilder();
    return switch (start) {
      case Start.Live() -> builder.build();
      case Start.First() -> builder.setFirst(true).build();
      case Start.Last(long count) -> builder.setLast(count).build();
      case Start.At(long epochMicros) -> builder.setTimeMicros(epochMicros).build();
      case Start.From(var cursor) -> builder.setCursor(cursor.token()).build();
    };
  }

  private static SubscriptionStart start(Start start) {
    SubscriptionStart.Builder builder = SubscriptionStart.newBuilder();
    return switch (start) {
      case Start.Live() -> builder.setLive(true).build();
      case Start.First() -> builder.setFirst(true).build();
      case Start.Last(long count) -> builder.setLast(count).build();
      case Start.At(long epochMicros) -> builder.setTimeMicros(epochMicros).build();
      case Start.From(var cursor) -> builder.setCursor(cursor.token()).build();
    };
  }

  static SubscribeRequest credit(long limitMessages) {
    return SubscribeRequest.newBuilder().setCreditLimitMessages(limitMessages).build();
  }

  /// Whether another attempt would end the same way.
  static boolean isFinal(Status status) {
    return switch (status.getCode()) {
      case UNIMPLEMENTED, UNAUTHENTICATED, PERMISSION_DENIED, INVALID_ARGUMENT -> true;
      default -> false;
    };
  }

  /// Whether a subscription that failed with this code may work at the next attempt.
  static boolean isPassing(ErrorCode code) {
    return switch (code) {
      case OVERLOADED, UNREACHABLE, TIMED_OUT, CONNECTION_LOST -> true;
      default -> false;
    };
  }

  static String reason(Status status) {
    String detail = status.getDescription();
    return detail == null ? status.getCode().name() : detail;
  }

  /// The registry's code with this number; BUG for one that this version does not know.
  static ErrorCode code(int number) {
    for (ErrorCode code : ErrorCode.values()) {
      if (code.number() == number) {
        return code;
      }
    }
    return ErrorCode.BUG;
  }
}
