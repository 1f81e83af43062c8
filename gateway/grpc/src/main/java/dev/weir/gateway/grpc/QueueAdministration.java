package dev.weir.gateway.grpc;

import dev.weir.base.Checks;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.QueueDetails;
import dev.weir.broker.QueueSpec;
import dev.weir.broker.QueuedMessage;
import dev.weir.broker.Queues;
import dev.weir.proto.v1.CreateQueueRequest;
import dev.weir.proto.v1.CreateQueueResponse;
import dev.weir.proto.v1.DeleteQueueRequest;
import dev.weir.proto.v1.DeleteQueueResponse;
import dev.weir.proto.v1.GetQueueRequest;
import dev.weir.proto.v1.GetQueueResponse;
import dev.weir.proto.v1.ListQueuesRequest;
import dev.weir.proto.v1.ListQueuesResponse;
import dev.weir.proto.v1.PeekQueueRequest;
import dev.weir.proto.v1.PeekQueueResponse;
import dev.weir.proto.v1.PurgeQueueRequest;
import dev.weir.proto.v1.PurgeQueueResponse;
import dev.weir.proto.v1.RedriveQueueRequest;
import dev.weir.proto.v1.RedriveQueueResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Supplier;

/// What is done to queues as a whole. Each call runs on a virtual thread of its own, because it may
/// read the disk or walk through a million messages; it answers once what it did is durable.
final class QueueAdministration {
  private static final int MAX_LISTED = 1_000;
  private static final int MAX_MOVED = 1_000_000;
  private static final int DEFAULT_PEEKED = 10;

  /// Each holds up to 32 MiB.
  private static final int MAX_PEEKS = 4;

  /// Whose call it is decides what they are.
  private final Supplier<Queues> queues;

  private final Semaphore peeks = new Semaphore(MAX_PEEKS);

  QueueAdministration(Supplier<Queues> queues) {
    this.queues = queues;
  }

  /// What a call does on its thread.
  @FunctionalInterface
  private interface Work {
    void run(Queues seen) throws IOException, InterruptedException;
  }

  /// Begins on the call's thread, where its client is known.
  private void start(StreamObserver<?> responses, Work work) {
    Queues seen;
    try {
      seen = queues.get();
    } catch (WeirException e) {
      responses.onError(RegistryStatus.of(e));
      return;
    }
    Thread.ofVirtual()
        .name("weir-queue-administration")
        .start(() -> {
          try {
            work.run(seen);
          } catch (WeirException | IllegalArgumentException | IllegalStateException e) {
            responses.onError(RegistryStatus.of(Failures.typed(e)));
          } catch (IOException e) {
            responses.onError(
                RegistryStatus.of(
                    new WeirException(
                        ErrorCode.LOG_DAMAGED, "The stream cannot be read: " + e.getMessage(), e)));
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private static <T, R> void answer(
      CompletionStage<T> work, StreamObserver<R> responses, Function<T, R> of) {
    var _ =
        work.whenComplete((done, fault) -> {
          if (fault == null) {
            responses.onNext(of.apply(done));
            responses.onCompleted();
          } else {
            responses.onError(RegistryStatus.of(Failures.typed(fault)));
          }
        });
  }

  void create(CreateQueueRequest request, StreamObserver<CreateQueueResponse> responses) {
    start(
        responses,
        seen -> {
          QueueSpec spec = QueueWords.spec(request.getQueue());
          answer(
              seen.create(spec, Openings.start(request.getStart()))
                  .thenApply(_ -> seen.details(spec.name())),
              responses,
              details ->
                  CreateQueueResponse.newBuilder().setStatus(QueueWords.status(details)).build());
        });
  }

  void delete(DeleteQueueRequest request, StreamObserver<DeleteQueueResponse> responses) {
    start(
        responses,
        seen ->
            answer(
                seen.delete(request.getName(), request.getOnlyEmpty()),
                responses,
                count -> DeleteQueueResponse.newBuilder().setMessages(count).build()));
  }

  void list(ListQueuesRequest request, StreamObserver<ListQueuesResponse> responses) {
    start(
        responses,
        seen -> {
          int limit = request.getLimit() == 0 ? MAX_LISTED : request.getLimit();
          Checks.range("limit", limit, 1, MAX_LISTED);
          List<QueueDetails> behind =
              seen.list().stream()
                  .filter(details -> details.spec().name().compareTo(request.getAfter()) > 0)
                  .toList();
          ListQueuesResponse.Builder response =
              ListQueuesResponse.newBuilder().setIsComplete(behind.size() <= limit);
          behind.stream().limit(limit).map(QueueWords::status).forEach(response::addQueues);
          responses.onNext(response.build());
          responses.onCompleted();
        });
  }

  void get(GetQueueRequest request, StreamObserver<GetQueueResponse> responses) {
    start(
        responses,
        seen -> {
          QueueDetails details = seen.details(request.getName());
          responses.onNext(
              GetQueueResponse.newBuilder().setStatus(QueueWords.status(details)).build());
          responses.onCompleted();
        });
  }

  void peek(PeekQueueRequest request, ServerCallStreamObserver<PeekQueueResponse> responses) {
    ReadyGate gate = new ReadyGate(responses);
    start(
        responses,
        seen -> {
          if (!peeks.tryAcquire()) {
            throw new WeirException(
                ErrorCode.OVERLOADED, "There are " + MAX_PEEKS + " looks into queues already.");
          }
          try {
            int max = request.getMax() == 0 ? DEFAULT_PEEKED : request.getMax();
            for (QueuedMessage message : seen.peek(request.getName(), max)) {
              if (!gate.await()) {
                return;
              }
              responses.onNext(
                  PeekQueueResponse.newBuilder().setQueued(QueueWords.queued(message)).build());
            }
          } finally {
            peeks.release();
          }
          responses.onCompleted();
        });
  }

  void purge(PurgeQueueRequest request, StreamObserver<PurgeQueueResponse> responses) {
    start(
        responses,
        seen ->
            answer(
                seen.purge(request.getName()),
                responses,
                count -> PurgeQueueResponse.newBuilder().setMessages(count).build()));
  }

  void redrive(RedriveQueueRequest request, StreamObserver<RedriveQueueResponse> responses) {
    start(
        responses,
        seen -> {
          int max = request.getMax() == 0 ? MAX_MOVED : request.getMax();
          CompletionStage<Long> moved =
              request.getTarget().isEmpty()
                  ? seen.redrive(request.getName(), max)
                  : seen.redrive(request.getName(), request.getTarget(), max);
          answer(
              moved,
              responses,
              count -> RedriveQueueResponse.newBuilder().setMessages(count).build());
        });
  }
}
