package dev.weir.gateway.grpc;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.Broker;
import dev.weir.broker.RetainedPage;
import dev.weir.message.Message;
import dev.weir.message.TopicFilter;
import dev.weir.proto.v1.ListRetainedRequest;
import dev.weir.proto.v1.ListRetainedResponse;
import dev.weir.proto.v1.PublishBatchRequest;
import dev.weir.proto.v1.PublishBatchResponse;
import dev.weir.proto.v1.RetainedMessage;
import dev.weir.proto.v1.TopicsGrpc;
import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Semaphore;

/// `weir.v1.Topics`: what topics said last, and several messages at once. Looking at retained
/// messages reads the disk, on a virtual thread of its own.
final class TopicsService extends TopicsGrpc.TopicsImplBase {
  private static final int DEFAULT_LISTED = 100;

  /// A response of gRPC's default limit of 4 MiB; one larger message still goes alone.
  private static final int RESPONSE_BYTES = 3 << 20;

  /// Each holds up to 32 MiB.
  private static final int MAX_READERS = 4;

  private final Broker broker;
  private final Semaphore readers = new Semaphore(MAX_READERS);

  TopicsService(Broker broker) {
    this.broker = broker;
  }

  @Override
  public void listRetained(
      ListRetainedRequest request, StreamObserver<ListRetainedResponse> responses) {
    Runnable listing = Context.current().wrap(() -> list(request, responses));
    Thread.ofVirtual().name("weir-retained-list").start(listing);
  }

  private void list(ListRetainedRequest request, StreamObserver<ListRetainedResponse> responses) {
    if (!readers.tryAcquire()) {
      responses.onError(
          RegistryStatus.of(
              new WeirException(
                  ErrorCode.OVERLOADED,
                  "There are " + MAX_READERS + " who look at retained messages already.")));
      return;
    }
    try {
      TopicFilter filter =
          request.getFilter().isEmpty() ? TopicFilter.ALL : TopicFilter.parse(request.getFilter());
      int limit = request.getLimit() == 0 ? DEFAULT_LISTED : request.getLimit();
      responses.onNext(response(broker.retained(filter, request.getAfter(), limit)));
      responses.onCompleted();
    } catch (WeirException | IllegalArgumentException | IllegalStateException e) {
      responses.onError(RegistryStatus.of(Failures.typed(e)));
    } catch (IOException e) {
      responses.onError(
          RegistryStatus.of(
              new WeirException(
                  ErrorCode.LOG_DAMAGED,
                  "Retained messages cannot be read: " + e.getMessage() + ".",
                  e)));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      readers.release();
    }
  }

  private static ListRetainedResponse response(RetainedPage page) {
    ListRetainedResponse.Builder response = ListRetainedResponse.newBuilder();
    int bytes = 0;
    for (dev.weir.broker.RetainedMessage kept : page.messages()) {
      bytes += kept.message().body().length();
      if (bytes > RESPONSE_BYTES && response.getMessagesCount() > 0) {
        String last = response.getMessages(response.getMessagesCount() - 1).getMessage().getTopic();
        return response.setAfter(last).build();
      }
      response.addMessages(
          RetainedMessage.newBuilder()
              .setMessage(Messages.of(kept.message()))
              .setStream(kept.position().stream())
              .setPartition(kept.position().partition())
              .setOffset(kept.position().offset())
              .setStoredMicros(kept.storedMicros()));
    }
    return response.setAfter(page.after()).build();
  }

  @Override
  public void publishBatch(
      PublishBatchRequest request, StreamObserver<PublishBatchResponse> responses) {
    try {
      List<Message> messages = request.getMessagesList().stream().map(Messages::of).toList();
      var _ =
          broker
              .publishTogether(messages)
              .whenComplete((receipt, fault) -> {
                if (fault == null) {
                  responses.onNext(
                      PublishBatchResponse.newBuilder()
                          .setReceipt(Messages.receipt(receipt))
                          .build());
                  responses.onCompleted();
                } else {
                  responses.onError(RegistryStatus.of(Failures.typed(fault)));
                }
              });
    } catch (WeirException | IllegalArgumentException e) {
      responses.onError(RegistryStatus.of(Failures.typed(e)));
    }
  }
}
