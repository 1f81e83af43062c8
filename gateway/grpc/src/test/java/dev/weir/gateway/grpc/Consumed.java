package dev.weir.gateway.grpc;

import dev.weir.proto.v1.ConsumeRequest;
import dev.weir.proto.v1.ConsumeResponse;
import dev.weir.proto.v1.ConsumerOpening;
import dev.weir.proto.v1.Failure;
import dev.weir.proto.v1.QueueDelivery;
import dev.weir.proto.v1.Settled;
import dev.weir.proto.v1.Settlement;
import dev.weir.proto.v1.Settlements;
import dev.weir.testkit.Eventually;
import io.grpc.Status;
import java.util.List;
import java.util.stream.Stream;

/// A `Consume` call from the client's side.
final class Consumed {
  private final Talk<ConsumeRequest, ConsumeResponse> talk;

  private Consumed(Talk<ConsumeRequest, ConsumeResponse> talk) {
    this.talk = talk;
  }

  static Consumed open(Door door, String queue, int prefetch) {
    return open(door, queue, prefetch, false);
  }

  static Consumed open(Door door, String queue, int prefetch, boolean isManual) {
    Consumed consumed = silent(door, isManual);
    consumed.talk.say(
        ConsumeRequest.newBuilder()
            .setOpen(ConsumerOpening.newBuilder().setQueue(queue).setPrefetch(prefetch))
            .build());
    return consumed;
  }

  /// A consumer that takes several things in one response.
  static Consumed gathering(Door door, String queue, int prefetch) {
    Consumed consumed = silent(door, false);
    consumed.talk.say(
        ConsumeRequest.newBuilder()
            .setOpen(
                ConsumerOpening.newBuilder().setQueue(queue).setPrefetch(prefetch).setGathers(true))
            .build());
    return consumed;
  }

  /// A call that has said nothing yet.
  static Consumed silent(Door door, boolean isManual) {
    return new Consumed(Talk.open(door.stub()::consume, isManual));
  }

  Talk<ConsumeRequest, ConsumeResponse> talk() {
    return talk;
  }

  void prefetch(int messages) {
    talk.say(ConsumeRequest.newBuilder().setPrefetch(messages).build());
  }

  List<QueueDelivery> deliveries() {
    return talk.answers().stream()
        .flatMap(answer ->
            answer.hasDelivery()
                ? Stream.of(answer.getDelivery())
                : answer.getDeliveries().getDeliveriesList().stream())
        .toList();
  }

  List<String> bodies() {
    return deliveries().stream()
        .map(delivery -> delivery.getQueued().getMessage().getBody().toStringUtf8())
        .toList();
  }

  List<QueueDelivery> await(int count) {
    Eventually.eventually(count + " deliveries", () -> deliveries().size() >= count);
    return deliveries();
  }

  /// In the order in which they are to be read.
  List<Settled> settled() {
    return talk.answers().stream().flatMap(Consumed::settled).toList();
  }

  private static Stream<Settled> settled(ConsumeResponse answer) {
    return answer.hasSettled()
        ? Stream.of(answer.getSettled())
        : Stream.concat(
            answer.getSettledSeveral().getSettledList().stream(),
            answer.getSettledSeveral().getDurableList().stream()
                .map(lease -> Settled.newBuilder().setLease(lease).build()));
  }

  /// Settles several and waits for all answers.
  List<Settled> settle(Settlements.Builder several) {
    int before = settled().size();
    int count = several.getAckedCount() + several.getSettlementsCount();
    talk.say(ConsumeRequest.newBuilder().setSettleSeveral(several).build());
    Eventually.eventually("they are answered", () -> settled().size() >= before + count);
    return settled().subList(before, settled().size());
  }

  /// Settles and waits for the answer.
  Settled settle(Settlement.Builder settlement) {
    int before = settled().size();
    talk.say(ConsumeRequest.newBuilder().setSettle(settlement).build());
    Eventually.eventually("it is answered", () -> settled().size() > before);
    return settled().getLast();
  }

  Settled ack(long lease) {
    return settle(
        Settlement.newBuilder().setLease(lease).setAck(Settlement.Ack.getDefaultInstance()));
  }

  Settled nack(long lease, long delayMillis) {
    return settle(
        Settlement.newBuilder()
            .setLease(lease)
            .setNack(Settlement.Nack.newBuilder().setDelayMillis(delayMillis)));
  }

  Settled reject(long lease) {
    return settle(
        Settlement.newBuilder().setLease(lease).setReject(Settlement.Reject.getDefaultInstance()));
  }

  Settled extend(long lease, long millis) {
    return settle(
        Settlement.newBuilder()
            .setLease(lease)
            .setExtend(Settlement.Extension.newBuilder().setLeaseMillis(millis)));
  }

  /// Why it ended.
  Failure failure() {
    Status end = talk.awaitEnd();
    ConsumeResponse last = talk.answers().getLast();
    if (!end.isOk() || !last.hasFailed()) {
      throw new AssertionError("the call ended with " + end + " after " + last);
    }
    return last.getFailed();
  }
}
