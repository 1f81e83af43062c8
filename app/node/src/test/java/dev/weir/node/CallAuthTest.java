package dev.weir.node;

import static dev.weir.node.Guests.GOOD;
import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.google.protobuf.ByteString;
import dev.weir.base.ErrorCode;
import dev.weir.broker.QueueSpec;
import dev.weir.message.Message;
import dev.weir.proto.v1.BrokerGrpc;
import dev.weir.proto.v1.ConsumeRequest;
import dev.weir.proto.v1.ConsumeResponse;
import dev.weir.proto.v1.ConsumerOpening;
import dev.weir.proto.v1.CreateQueueRequest;
import dev.weir.proto.v1.DeleteQueueRequest;
import dev.weir.proto.v1.ExplainClientRequest;
import dev.weir.proto.v1.ExplainClientResponse;
import dev.weir.proto.v1.ExplainMessageRequest;
import dev.weir.proto.v1.GetQueueRequest;
import dev.weir.proto.v1.KickClientRequest;
import dev.weir.proto.v1.ListClientEventsRequest;
import dev.weir.proto.v1.ListClientsRequest;
import dev.weir.proto.v1.ListQueuesRequest;
import dev.weir.proto.v1.ListRetainedRequest;
import dev.weir.proto.v1.MessagePlace;
import dev.weir.proto.v1.OperationsGrpc;
import dev.weir.proto.v1.PeekQueueRequest;
import dev.weir.proto.v1.PublishBatchRequest;
import dev.weir.proto.v1.PublishRequest;
import dev.weir.proto.v1.PublishResponse;
import dev.weir.proto.v1.PurgeQueueRequest;
import dev.weir.proto.v1.Queue;
import dev.weir.proto.v1.QueueStart;
import dev.weir.proto.v1.RedriveQueueRequest;
import dev.weir.proto.v1.SessionExplanation;
import dev.weir.proto.v1.TopicsGrpc;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Queues, health and the schema over gRPC at a core with `auth.file`, against each kind of
/// identity.
@Timeout(60)
final class CallAuthTest {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  @TempDir Path directory;

  private AuthCore core;

  @BeforeEach
  void start() throws IOException {
    core = new AuthCore(directory);
    core.node().broker().queues().create(QueueSpec.of("jobs")).toCompletableFuture().join();
    core.node()
        .broker()
        .queues()
        .publish("jobs", Message.of("-", "1"))
        .toCompletableFuture()
        .join();
  }

  @AfterEach
  void stop() {
    core.close();
  }

  private static <S extends AbstractStub<S>> S as(String authorization, S stub) {
    Metadata headers = new Metadata();
    if (!authorization.isEmpty()) {
      headers.put(AUTHORIZATION, authorization);
    }
    return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  private BrokerGrpc.BrokerBlockingStub broker(String authorization) {
    return as(authorization, BrokerGrpc.newBlockingStub(core.channel()));
  }

  private static void refused(Shown shown, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              String detail = String.valueOf(e.getStatus().getDescription());
              if (shown.mayBePaused(detail)) {
                return;
              }
              assertThat(e.getStatus().getCode()).isEqualTo(shown.grpc());
              assertThat(detail).startsWith(shown.code().label());
            });
  }

  private static CreateQueueRequest create(String name) {
    return CreateQueueRequest.newBuilder().setQueue(Queue.newBuilder().setName(name)).build();
  }

  @ParameterizedTest
  @EnumSource(Shown.class)
  void doesNothingToAQueueFor(Shown shown) {
    BrokerGrpc.BrokerBlockingStub stub = broker(shown.authorization());

    refused(shown, () -> stub.createQueue(create("others")));
    refused(shown, () -> stub.getQueue(GetQueueRequest.newBuilder().setName("jobs").build()));
    refused(
        shown, () -> stub.peekQueue(PeekQueueRequest.newBuilder().setName("jobs").build()).next());
    refused(shown, () -> stub.purgeQueue(PurgeQueueRequest.newBuilder().setName("jobs").build()));
    refused(
        shown, () -> stub.redriveQueue(RedriveQueueRequest.newBuilder().setName("jobs").build()));
    refused(
        shown,
        () ->
            stub.redriveQueue(
                RedriveQueueRequest.newBuilder().setName("jobs").setTarget("jobs").build()));
    refused(
        shown,
        () ->
            stub.deleteQueue(
                DeleteQueueRequest.newBuilder().setName("jobs").setOnlyEmpty(true).build()));
    refused(shown, () -> stub.deleteQueue(DeleteQueueRequest.newBuilder().setName("jobs").build()));

    assertThat(core.node().broker().queues().list())
        .extracting(queue -> queue.spec().name())
        .containsExactly("jobs");
    assertThat(core.node().broker().queues().details("jobs").figures().length()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(Shown.class)
  void showsNoConnectionsTo(Shown shown) {
    OperationsGrpc.OperationsBlockingStub stub =
        as(shown.authorization(), OperationsGrpc.newBlockingStub(core.channel()));

    refused(shown, () -> stub.listClients(ListClientsRequest.getDefaultInstance()));
    refused(shown, () -> stub.kickClient(KickClientRequest.newBuilder().setId(1).build()));
    refused(shown, () -> stub.listClientEvents(ListClientEventsRequest.getDefaultInstance()));
    refused(shown, () -> stub.explainClient(ExplainClientRequest.newBuilder().setId(1).build()));
    refused(
        shown,
        () ->
            stub.explainMessage(
                ExplainMessageRequest.newBuilder()
                    .setPlace(MessagePlace.getDefaultInstance())
                    .build()));
  }

  @ParameterizedTest
  @EnumSource(Shown.class)
  void showsAndTakesNoBatchesAndNothingRetained(Shown shown) {
    long before = core.node().broker().stats().storedMessages();
    TopicsGrpc.TopicsBlockingStub stub =
        as(shown.authorization(), TopicsGrpc.newBlockingStub(core.channel()));

    refused(
        shown, () -> stub.listRetained(ListRetainedRequest.newBuilder().setFilter("a/#").build()));
    refused(
        shown,
        () ->
            stub.publishBatch(
                PublishBatchRequest.newBuilder()
                    .addMessages(dev.weir.proto.v1.Message.newBuilder().setTopic("a/b"))
                    .build()));
    refused(
        shown,
        () ->
            broker(shown.authorization())
                .createQueue(
                    CreateQueueRequest.newBuilder()
                        .setQueue(Queue.newBuilder().setName("jobs").addFilters("a/#"))
                        .setStart(QueueStart.newBuilder().setFirst(true))
                        .build()));

    assertThat(core.node().broker().stats().storedMessages()).isEqualTo(before);
  }

  /// What a client is told of its own session, and of what it was refused.
  @Test
  void explainsAClientsSessionAndRefusals() {
    String good = "Bearer " + GOOD.text();
    refused(Shown.NO_RIGHT, () -> broker(good).createQueue(create("others")));
    OperationsGrpc.OperationsBlockingStub stub =
        as(good, OperationsGrpc.newBlockingStub(core.channel()));
    long id = stub.listClients(ListClientsRequest.getDefaultInstance()).getClients(0).getId();

    ExplainClientResponse told =
        stub.explainClient(ExplainClientRequest.newBuilder().setId(id).build());

    assertThat(told.getSessionsList())
        .extracting(SessionExplanation::getUser, SessionExplanation::getProof)
        .contains(tuple("anna", "key"));
    assertThat(told.getRefusalsList())
        .anySatisfy(refusal -> {
          assertThat(refusal.getAction()).isEqualTo("manage");
          assertThat(refusal.getTarget()).isEqualTo("$queue/others");
        });
    assertThat(told.getEventsCount()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(Shown.class)
  void handsNothingOutTo(Shown shown) {
    Answers<ConsumeResponse> answers = new Answers<>();
    consume(shown.authorization(), answers);

    eventually("it is over", () -> answers.fault != null);
    if (shown.isKnown()) { // Told as any end of a consumer.
      assertThat(answers.all).hasSize(1);
      assertThat(answers.all.getFirst().getFailed().getCode()).isEqualTo(shown.code().number());
    } else {
      assertThat(Status.fromThrowable(answers.fault()).getCode()).isEqualTo(shown.grpc());
      assertThat(answers.all).isEmpty();
    }
  }

  private StreamObserver<ConsumeRequest> consume(
      String authorization, Answers<ConsumeResponse> answers) {
    StreamObserver<ConsumeRequest> requests =
        as(authorization, BrokerGrpc.newStub(core.channel())).consume(answers);
    requests.onNext(
        ConsumeRequest.newBuilder()
            .setOpen(ConsumerOpening.newBuilder().setQueue("jobs").setPrefetch(10))
            .build());
    return requests;
  }

  @ParameterizedTest
  @EnumSource(Shown.class)
  void storesNothingOf(Shown shown) {
    long before = core.node().broker().stats().storedMessages();
    Answers<PublishResponse> answers = new Answers<>();
    publish(shown.authorization(), answers);

    eventually("it is refused", () -> answers.fault != null || !answers.all.isEmpty());
    if (shown.isKnown()) { // Each message has its own answer.
      assertThat(answers.all.getFirst().getFailure().getCode()).isEqualTo(shown.code().number());
    } else {
      assertThat(Status.fromThrowable(answers.fault()).getCode()).isEqualTo(shown.grpc());
    }
    assertThat(core.node().broker().stats().storedMessages()).isEqualTo(before);
  }

  private void publish(String authorization, Answers<PublishResponse> answers) {
    as(authorization, BrokerGrpc.newStub(core.channel()))
        .publish(answers)
        .onNext(
            PublishRequest.newBuilder()
                .setNumber(1)
                .setMessage(
                    dev.weir.proto.v1.Message.newBuilder()
                        .setTopic("a/b")
                        .setBody(ByteString.copyFromUtf8("1")))
                .build());
  }

  @ParameterizedTest
  @EnumSource(value = Shown.class, names = "NO_RIGHT", mode = EnumSource.Mode.EXCLUDE)
  void tellsNothingToAStranger(Shown shown) {
    refused(
        shown,
        () ->
            as(shown.authorization(), HealthGrpc.newBlockingStub(core.channel()))
                .check(HealthCheckRequest.getDefaultInstance()));
    refused(
        shown,
        () -> broker(shown.authorization()).listQueues(ListQueuesRequest.getDefaultInstance()));
    Answers<ServerReflectionResponse> schema = new Answers<>();
    as(shown.authorization(), ServerReflectionGrpc.newStub(core.channel()))
        .serverReflectionInfo(schema)
        .onNext(ServerReflectionRequest.newBuilder().setListServices("*").build());
    eventually("it is refused", () -> schema.fault != null);
    assertThat(Status.fromThrowable(schema.fault()).getCode()).isEqualTo(shown.grpc());
    assertThat(schema.all).isEmpty();
  }

  @Test
  void servesWhoIsLetInUntilTheKeyIsTakenBack() throws IOException {
    String good = "Bearer " + GOOD.text();
    BrokerGrpc.BrokerBlockingStub stub = broker(good);

    assertThat(stub.listQueues(ListQueuesRequest.getDefaultInstance()).getQueuesCount())
        .isEqualTo(1);
    assertThat(stub.createQueue(create("jobs")).hasStatus()).isTrue();
    // Where each message came from may be any queue, and one of them is not hers.
    refused(
        Shown.NO_RIGHT,
        () -> stub.redriveQueue(RedriveQueueRequest.newBuilder().setName("jobs").build()));
    Answers<PublishResponse> receipts = new Answers<>();
    publish(good, receipts);
    eventually("the receipt", () -> !receipts.all.isEmpty());
    assertThat(receipts.all.getFirst().hasReceipt()).isTrue();
    Answers<ConsumeResponse> deliveries = new Answers<>();
    consume(good, deliveries);
    eventually("the message", () -> deliveries.all.stream().anyMatch(ConsumeResponse::hasDelivery));

    core.file().change(book -> book.with(GOOD.key().revoked()));

    eventually("it is over", () -> deliveries.fault != null);
    assertThat(deliveries.all.getLast().getFailed().getCode())
        .isEqualTo(ErrorCode.CREDENTIALS_REVOKED.number());
  }

  private static final class Answers<T> implements StreamObserver<T> {
    private final List<T> all = new CopyOnWriteArrayList<>();
    private volatile @Nullable Throwable fault;

    private Throwable fault() {
      Throwable known = fault;
      if (known == null) {
        throw new AssertionError("nothing failed");
      }
      return known;
    }

    @Override
    public void onNext(T answer) {
      all.add(answer);
    }

    @Override
    public void onError(Throwable cause) {
      fault = cause;
    }

    @Override
    public void onCompleted() {
      fault = new IllegalStateException("it ended without a word");
    }
  }
}
