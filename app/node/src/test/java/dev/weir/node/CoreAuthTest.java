package dev.weir.node;

import static dev.weir.node.Guests.GOOD;
import static dev.weir.node.Guests.POWERLESS;
import static dev.weir.node.Guests.basic;
import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.message.Message;
import dev.weir.node.auth.AuthFile;
import dev.weir.proto.Request;
import dev.weir.proto.Response;
import dev.weir.proto.v1.BrokerGrpc;
import dev.weir.proto.v1.DataSinkGrpc;
import dev.weir.proto.v1.ListTopicsRequest;
import dev.weir.proto.v1.SubscribeRequest;
import dev.weir.proto.v1.SubscribeResponse;
import dev.weir.proto.v1.SubscriptionOpening;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A core with `auth.file`, over its real doors: each door against each kind of identity.
final class CoreAuthTest {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  @TempDir Path directory;

  private AuthCore guarded;
  private CoreNode core;
  private ManagedChannel channel;
  private AuthFile file;

  @BeforeEach
  void start() throws IOException {
    guarded = new AuthCore(directory);
    core = guarded.node();
    channel = guarded.channel();
    file = guarded.file();
  }

  @AfterEach
  void stop() {
    guarded.close();
  }

  private static <S extends AbstractStub<S>> S as(String authorization, S stub) {
    Metadata headers = new Metadata();
    if (!authorization.isEmpty()) {
      headers.put(AUTHORIZATION, authorization);
    }
    return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  private Response put(String authorization) {
    return as(authorization, DataSinkGrpc.newBlockingStub(channel))
        .put(
            Request.newBuilder()
                .setVersion(1)
                .setMessageId(ByteString.copyFromUtf8("1"))
                .setPlainMessage(ByteString.copyFromUtf8("hello"))
                .build());
  }

  private HttpResponse<String> get(String path, String authorization)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + core.address() + path));
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  private Feed subscribe(String authorization, String filter) {
    Feed feed = new Feed();
    StreamObserver<SubscribeRequest> requests =
        as(authorization, BrokerGrpc.newStub(channel)).subscribe(feed);
    requests.onNext(
        SubscribeRequest.newBuilder()
            .setOpen(
                SubscriptionOpening.newBuilder().addFilters(filter).setCreditLimitMessages(1_000))
            .build());
    return feed;
  }

  private void publish(String topic, String body) {
    core.broker().publish(Message.of(topic, Bytes.utf8(body))).toCompletableFuture().join();
  }

  @ParameterizedTest
  @EnumSource(Shown.class)
  void refusesALinksMessageOf(Shown shown) {
    assertThatThrownBy(() -> put(shown.authorization()))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              // A link says all of the registry's third group as one status, with its code in
              // words.
              assertThat(e.getStatus().getCode()).isIn(shown.grpc(), Status.Code.UNAUTHENTICATED);
              assertThat(e.getStatus().getDescription()).startsWith(shown.code().label());
            });
    assertThat(core.broker().stats().storedMessages()).isZero();
  }

  @ParameterizedTest
  @EnumSource(Shown.class)
  void refusesASubscriptionOf(Shown shown) {
    Feed feed = subscribe(shown.authorization(), "a/#");

    eventually("it is refused", () -> feed.isOver);
    assertThat(feed.codes).containsExactly(shown.code().number());
    assertThat(feed.messages()).isZero();
  }

  @ParameterizedTest
  @EnumSource(Shown.class)
  void refusesMetricsTo(Shown shown) throws Exception {
    HttpResponse<String> metrics = get("/metrics", shown.authorization());

    assertThat(metrics.statusCode()).isEqualTo(shown.httpStatus());
    assertThat(metrics.body()).contains(shown.code().label()).doesNotContain("weir_");
    assertThat(metrics.headers().firstValue("www-authenticate").isPresent())
        .isEqualTo(shown.httpStatus() == 401);
    assertThat(get("/readyz?verbose", shown.authorization()).statusCode())
        .isEqualTo(shown.httpStatus());
    assertThat(get("/livez", shown.authorization()).statusCode()).isEqualTo(200);
    assertThat(get("/readyz", shown.authorization()).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource(value = Shown.class, names = "NO_RIGHT", mode = EnumSource.Mode.EXCLUDE)
  void listsNoTopicsFor(Shown shown) {
    publish("a/b", "1");

    assertThatThrownBy(() ->
            as(shown.authorization(), BrokerGrpc.newBlockingStub(channel))
                .listTopics(ListTopicsRequest.getDefaultInstance()))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED));
  }

  @Test
  void servesWhoIsLetInAndOnlyWhatItMaySee() throws Exception {
    for (String authorization : List.of("Bearer " + GOOD.text(), basic("anna", "hunter2"))) {
      assertThat(put(authorization).hasAck()).isTrue();
      Feed feed = subscribe(authorization, "a/#");
      eventually("it is open", () -> feed.isOpen);
      publish("a/b", "1");
      eventually("the message", () -> feed.messages() == 1);
      assertThat(
              as(authorization, BrokerGrpc.newBlockingStub(channel))
                  .listTopics(ListTopicsRequest.getDefaultInstance())
                  .getTopicsList())
          .extracting(topic -> topic.getTopic())
          .containsExactly("a/b");
      assertThat(get("/metrics", authorization).body()).contains("weir_");
    }
    assertThat(
            as("Bearer " + POWERLESS.text(), BrokerGrpc.newBlockingStub(channel))
                .listTopics(ListTopicsRequest.getDefaultInstance())
                .getTopicsList())
        .isEmpty();
  }

  @Test
  void cutsLiveStreamsWhenTheKeyIsTakenBack() throws IOException {
    String authorization = "Bearer " + GOOD.text();
    Feed feed = subscribe(authorization, "a/#");
    Answers answers = new Answers();
    StreamObserver<Request> link =
        as(authorization, dev.weir.proto.DataSinkGrpc.newStub(channel)).send(answers);
    link.onNext(
        Request.newBuilder()
            .setVersion(1)
            .setMessageId(ByteString.copyFromUtf8("1"))
            .setPlainMessage(ByteString.copyFromUtf8("hello"))
            .build());
    eventually("both are open", () -> feed.isOpen && answers.acks.get() == 1);

    file.change(book -> book.with(GOOD.key().revoked()));

    eventually("both are over", () -> feed.isOver && answers.isOver);
    assertThat(feed.codes).containsExactly(ErrorCode.CREDENTIALS_REVOKED.number());
    assertThat(answers.why).contains(ErrorCode.CREDENTIALS_REVOKED.label());
    publish("a/b", "late");
    assertThat(feed.messages()).isZero();
    assertThatThrownBy(() -> put(authorization)).hasMessageContaining("WEIR-3006");
  }

  @Test
  void writesRefusalsDownWithoutSecrets() throws Exception {
    subscribe("Bearer " + POWERLESS.text(), "a/#");
    eventually(
        "it is written down",
        () -> Files.readString(directory.resolve("audit.jsonl")).contains("\"user\":\"bert\""));

    assertThatThrownBy(() -> put(basic("anna", "wrong-secret"))).isNotNull();
    eventually(
        "that as well",
        () -> Files.readString(directory.resolve("audit.jsonl")).contains("\"user\":\"anna\""));
    String audit = Files.readString(directory.resolve("audit.jsonl"));
    assertThat(audit).contains("no rule allows it").doesNotContain("wrong-secret");
    assertThat(audit).doesNotContain(POWERLESS.text());
  }

  private static final class Feed implements StreamObserver<SubscribeResponse> {
    private final List<SubscribeResponse> responses = new CopyOnWriteArrayList<>();
    private final List<Integer> codes = new CopyOnWriteArrayList<>();
    private volatile boolean isOpen;
    private volatile boolean isOver;

    private long messages() {
      return responses.stream().filter(SubscribeResponse::hasDelivery).count();
    }

    @Override
    public void onNext(SubscribeResponse response) {
      responses.add(response);
      isOpen |= response.hasOpened();
      if (response.hasFailed()) {
        codes.add(response.getFailed().getCode());
      }
    }

    @Override
    public void onError(Throwable fault) {
      Metadata trailers = Status.trailersFromThrowable(fault);
      String code =
          trailers == null
              ? null
              : trailers.get(Metadata.Key.of("weir-code", Metadata.ASCII_STRING_MARSHALLER));
      codes.add(code == null ? -1 : Integer.parseInt(code));
      isOver = true;
    }

    @Override
    public void onCompleted() {
      isOver = true;
    }
  }

  private static final class Answers implements StreamObserver<Response> {
    private final AtomicInteger acks = new AtomicInteger();
    private volatile boolean isOver;
    private volatile String why = "";

    @Override
    public void onNext(Response response) {
      acks.addAndGet(response.hasAck() ? 1 : 0);
    }

    @Override
    public void onError(Throwable fault) {
      why = String.valueOf(fault.getMessage());
      isOver = true;
    }

    @Override
    public void onCompleted() {
      isOver = true;
    }
  }
}
