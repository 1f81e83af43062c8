package dev.weir.gateway.grpc;

import dev.weir.base.Bytes;
import dev.weir.message.Batch;
import dev.weir.message.BatchReader;
import dev.weir.message.Codec;
import dev.weir.message.Dictionary;
import dev.weir.message.DictionaryLookup;
import dev.weir.message.Message;
import dev.weir.proto.v1.Delivery;
import dev.weir.proto.v1.SubscribeRequest;
import dev.weir.proto.v1.SubscribeResponse;
import dev.weir.proto.v1.SubscriptionOpening;
import dev.weir.proto.v1.SubscriptionStart;
import dev.weir.testkit.Eventually;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// A client of `Subscribe` as a stranger would write it; reads at once or only when told.
final class Reader implements ClientResponseObserver<SubscribeRequest, SubscribeResponse> {
  private final boolean isManual;
  private final List<SubscribeResponse> responses = new CopyOnWriteArrayList<>();
  private volatile boolean isCompleted;
  private volatile @Nullable Throwable error;
  private volatile @Nullable ClientCallStreamObserver<SubscribeRequest> call;

  Reader(boolean isManual) {
    this.isManual = isManual;
  }

  static Reader open(Door door, SubscriptionOpening opening) {
    return open(door, opening, false);
  }

  static Reader open(Door door, SubscriptionOpening opening, boolean isManual) {
    Reader reader = new Reader(isManual);
    var requests = door.stub().subscribe(reader);
    requests.onNext(SubscribeRequest.newBuilder().setOpen(opening).build());
    return reader;
  }

  static SubscriptionOpening.Builder opening(String filter) {
    return SubscriptionOpening.newBuilder()
        .addFilters(filter)
        .setStart(SubscriptionStart.newBuilder().setFirst(true));
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<SubscribeRequest> stream) {
    call = stream;
    if (isManual) {
      stream.disableAutoRequestWithInitial(0);
    }
  }

  ClientCallStreamObserver<SubscribeRequest> call() {
    ClientCallStreamObserver<SubscribeRequest> known = call;
    if (known == null) {
      throw new IllegalStateException("not started");
    }
    return known;
  }

  void grant(long limit) {
    call().onNext(SubscribeRequest.newBuilder().setCreditLimitMessages(limit).build());
  }

  @Override
  public void onNext(SubscribeResponse response) {
    responses.add(response);
  }

  @Override
  public void onError(Throwable cause) {
    error = cause;
  }

  @Override
  public void onCompleted() {
    isCompleted = true;
  }

  List<SubscribeResponse> responses() {
    return responses;
  }

  List<Delivery> deliveries() {
    return responses.stream()
        .filter(SubscribeResponse::hasDelivery)
        .map(SubscribeResponse::getDelivery)
        .toList();
  }

  List<String> bodies() {
    return deliveries().stream()
        .flatMap(delivery -> messages(delivery).stream())
        .map(message -> message.body().utf8())
        .toList();
  }

  List<Message> messages(Delivery delivery) {
    DictionaryLookup known =
        id ->
            responses.stream()
                .filter(SubscribeResponse::hasDictionary)
                .map(response -> response.getDictionary().getContent().toByteArray())
                .map(content -> Dictionary.of(Bytes.wrap(content)))
                .filter(dictionary -> dictionary.id() == id)
                .findFirst();
    return messages(delivery, known);
  }

  static List<Message> messages(Delivery delivery, DictionaryLookup dictionaries) {
    return BatchReader.read(
        new Batch(
            Codec.of(delivery.getCodec()),
            dictionaries.require(delivery.getDictionaryId()),
            delivery.getCount(),
            delivery.getRawLength(),
            Bytes.wrap(delivery.getHeader().toByteArray()),
            Bytes.wrap(delivery.getPayload().toByteArray())));
  }

  Reader awaitEnd() {
    Eventually.eventually("the call ends", () -> isCompleted || error != null);
    if (error != null) {
      throw new AssertionError("the call failed", error);
    }
    return this;
  }

  Reader awaitBodies(int count) {
    Eventually.eventually(count + " messages", () -> bodies().size() >= count);
    return this;
  }
}
