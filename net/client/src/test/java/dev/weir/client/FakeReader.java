package dev.weir.client;

import dev.weir.base.Bytes;
import dev.weir.message.Batch;
import dev.weir.message.BatchBuilder;
import dev.weir.message.Cursor;
import dev.weir.message.Message;
import dev.weir.message.Position;
import dev.weir.message.TopicFilter;
import dev.weir.proto.v1.Delivery;
import dev.weir.proto.v1.Gap;
import dev.weir.proto.v1.GapReason;
import dev.weir.proto.v1.SubscribeRequest;
import dev.weir.proto.v1.SubscribeResponse;
import dev.weir.proto.v1.SubscriptionFailed;
import dev.weir.proto.v1.SubscriptionOpened;
import dev.weir.proto.v1.SubscriptionOpening;
import dev.weir.proto.v1.SubscriptionStart;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;

/// One subscription call of a [FakeCore]. Everything happens under the core's monitor.
final class FakeReader implements StreamObserver<SubscribeRequest> {
  private static final int MAX_BATCH = 7;

  private final FakeCore core;
  private final StreamObserver<SubscribeResponse> out;
  private List<TopicFilter> filters = List.of();
  private long limit;
  private long sent;
  private int next;
  private int tail = -1;
  private boolean isOpen;

  FakeReader(FakeCore core, StreamObserver<SubscribeResponse> out) {
    this.core = core;
    this.out = out;
  }

  @Override
  public void onNext(SubscribeRequest request) {
    synchronized (core) {
      if (request.hasOpen()) {
        open(request.getOpen());
      } else {
        long newLimit = request.getCreditLimitMessages();
        if (newLimit < limit) {
          core.violated();
        }
        limit = newLimit;
      }
      pump();
    }
  }

  private void open(SubscriptionOpening opening) {
    if (core.subscriptionFailure() != 0) {
      out.onNext(
          SubscribeResponse.newBuilder()
              .setFailed(
                  SubscriptionFailed.newBuilder()
                      .setCode(core.subscriptionFailure())
                      .setDetail("as the test wants it"))
              .build());
      out.onCompleted();
      core.leave(this);
      return;
    }
    filters = opening.getFiltersList().stream().map(TopicFilter::parse).toList();
    limit = opening.getCreditLimitMessages();
    next = start(opening.getStart());
    tail = opening.getEndAtTail() ? core.size() : -1;
    isOpen = true;
    String cursor = Cursor.of(new Position(FakeCore.STREAM, 0, next)).token();
    out.onNext(
        SubscribeResponse.newBuilder()
            .setOpened(SubscriptionOpened.newBuilder().setCursor(cursor))
            .build());
  }

  private int start(SubscriptionStart start) {
    return switch (start.getStartCase()) {
      case LIVE, START_NOT_SET -> core.size();
      case FIRST -> core.forgotten();
      case LAST -> Math.max(0, core.size() - (int) start.getLast());
      case TIME_MICROS -> {
        int at = 0;
        while (at < core.size() && core.at(at).timeMicros() < start.getTimeMicros()) {
          at++;
        }
        yield at;
      }
      case CURSOR -> (int) Cursor.parse(start.getCursor()).positions().getFirst().offset();
    };
  }

  /// Delivers what there is, as far as the credit goes.
  void pump() {
    if (!isOpen) {
      return;
    }
    if (next < core.forgotten()) {
      Gap gap =
          Gap.newBuilder()
              .setStream(FakeCore.STREAM)
              .setFromOffset(next)
              .setToOffset(core.forgotten())
              .setReason(GapReason.GAP_REASON_RETENTION)
              .build();
      out.onNext(SubscribeResponse.newBuilder().setGap(gap).build());
      next = core.forgotten();
    }
    while (isOpen && next < core.size() && sent < limit) {
      deliver();
      Integer most = core.endsCallsAfter();
      if (most != null && sent >= most) {
        end();
      }
    }
    if (isOpen && tail >= 0 && next >= tail) {
      end();
    }
  }

  private void end() {
    isOpen = false;
    core.leave(this);
    out.onCompleted();
  }

  private void deliver() {
    List<Integer> offsets = new ArrayList<>();
    BatchBuilder builder = new BatchBuilder(1 << 20);
    while (next < core.size() && offsets.size() < Math.min(MAX_BATCH, limit - sent)) {
      Message message = core.at(next);
      if (filters.stream().anyMatch(filter -> filter.test(message.topic()))) {
        if (!builder.add(message)) {
          break;
        }
        offsets.add(next);
      }
      next++;
    }
    if (offsets.isEmpty()) {
      return;
    }
    sent += offsets.size();
    Batch batch = builder.build(1, Bytes.EMPTY);
    Delivery.Builder delivery =
        Delivery.newBuilder()
            .setStream(FakeCore.STREAM)
            .setBaseOffset(offsets.getFirst())
            .setStoredMicros(42)
            .setCodec(batch.codec().number())
            .setCount(batch.count())
            .setRawLength(batch.rawLength())
            .setHeader(FakeCore.wire(batch.header()))
            .setPayload(FakeCore.wire(batch.payload()))
            .setNextOffset(next);
    boolean isContiguous = offsets.getLast() - offsets.getFirst() == offsets.size() - 1;
    if (!isContiguous) {
      offsets.forEach(offset -> delivery.addOffsetDeltas(offset - offsets.getFirst()));
    }
    out.onNext(SubscribeResponse.newBuilder().setDelivery(delivery).build());
  }

  @Override
  public void onError(Throwable cause) {
    synchronized (core) {
      isOpen = false;
      core.leave(this);
    }
  }

  @Override
  public void onCompleted() {
    synchronized (core) {
      end();
    }
  }
}
