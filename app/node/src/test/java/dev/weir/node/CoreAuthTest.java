package dev.weir.node;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.weir.auth.Action;
import dev.weir.auth.ApiKey;
import dev.weir.auth.AuthBook;
import dev.weir.auth.Identity;
import dev.weir.auth.PasswordHash;
import dev.weir.auth.Rule;
import dev.weir.auth.User;
import dev.weir.auth.guard.AuthorizedBroker;
import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.config.ConfigLoader;
import dev.weir.config.HostPort;
import dev.weir.config.LoadResult;
import dev.weir.config.LoadScope;
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
import io.grpc.ManagedChannelBuilder;
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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
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
  private static final SplittableRandom RANDOM = new SplittableRandom(11);
  private static final ApiKey.Fresh GOOD = key("anna", Identity.NEVER);
  private static final ApiKey.Fresh EXPIRED = key("anna", 1_000_000);
  private static final ApiKey.Fresh REVOKED = key("anna", Identity.NEVER);
  private static final ApiKey.Fresh POWERLESS = key("bert", Identity.NEVER);
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  /// What a client may show that lets it in nowhere, and what it is told.
  enum Shown {
    NOTHING("", ErrorCode.CREDENTIALS_MISSING, 401),
    WRONG_KEY("Bearer weir_00000000_x", ErrorCode.UNAUTHENTICATED, 401),
    NONSENSE("Nonsense", ErrorCode.UNAUTHENTICATED, 401),
    WRONG_PASSWORD(basic("anna", "wrong"), ErrorCode.UNAUTHENTICATED, 401),
    EXPIRED_KEY("Bearer " + EXPIRED.text(), ErrorCode.CREDENTIALS_EXPIRED, 401),
    REVOKED_KEY("Bearer " + REVOKED.text(), ErrorCode.CREDENTIALS_REVOKED, 401),
    NO_RIGHT("Bearer " + POWERLESS.text(), ErrorCode.NOT_PERMITTED, 403);

    private final String authorization;
    private final ErrorCode code;
    private final int httpStatus;

    Shown(String authorization, ErrorCode code, int httpStatus) {
      this.authorization = authorization;
      this.code = code;
      this.httpStatus = httpStatus;
    }

    private Status.Code grpc() {
      return code == ErrorCode.NOT_PERMITTED
          ? Status.Code.PERMISSION_DENIED
          : Status.Code.UNAUTHENTICATED;
    }
  }

  @TempDir Path directory;

  private CoreNode core;
  private ManagedChannel channel;
  private AuthFile file;

  private static ApiKey.Fresh key(String user, long expiryMicros) {
    return ApiKey.draw(user, "", 0, expiryMicros, RANDOM);
  }

  private static String basic(String user, String password) {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  private static AuthBook book() {
    User anna =
        User.of("anna")
            .withPassword(PasswordHash.of("hunter2", RANDOM))
            .withRules(
                List.of(
                    Rule.allow(EnumSet.allOf(Action.class), "a/#"),
                    Rule.allow(Set.of(Action.PUBLISH), CoreNode.VERSION_ONE_TOPIC),
                    Rule.allow(Set.of(Action.MANAGE), AuthorizedBroker.STATS)));
    return AuthBook.EMPTY
        .with(anna)
        .with(User.of("bert"))
        .with(GOOD.key())
        .with(EXPIRED.key())
        .with(REVOKED.key().revoked())
        .with(POWERLESS.key());
  }

  @BeforeEach
  void start() throws IOException {
    file = new AuthFile(directory.resolve("auth.yaml"));
    file.create(book());
    LoadResult loaded =
        ConfigLoader.load(
            List.of(),
            Map.of(),
            Map.of(
                "server.listen", "127.0.0.1:0",
                "server.dataDir", directory.resolve("data").toString(),
                "auth.file", file.path().toString(),
                "auth.audit", directory.resolve("audit.jsonl").toString()),
            new LoadScope(LoadScope.Role.CORE, false));
    core = CoreNode.start(((LoadResult.Loaded) loaded).config(), "test", Clock.SYSTEM);
    HostPort address = core.address();
    channel =
        ManagedChannelBuilder.forAddress(address.host(), address.port()).usePlaintext().build();
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    core.close();
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
    assertThatThrownBy(() -> put(shown.authorization))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              // A link says all of the registry's third group as one status, with its code in
              // words.
              assertThat(e.getStatus().getCode()).isIn(shown.grpc(), Status.Code.UNAUTHENTICATED);
              assertThat(e.getStatus().getDescription()).startsWith(shown.code.label());
            });
    assertThat(core.broker().stats().storedMessages()).isZero();
  }

  @ParameterizedTest
  @EnumSource(Shown.class)
  void refusesASubscriptionOf(Shown shown) {
    Feed feed = subscribe(shown.authorization, "a/#");

    eventually("it is refused", () -> feed.isOver);
    assertThat(feed.codes).containsExactly(shown.code.number());
    assertThat(feed.messages()).isZero();
  }

  @ParameterizedTest
  @EnumSource(Shown.class)
  void refusesMetricsTo(Shown shown) throws Exception {
    HttpResponse<String> metrics = get("/metrics", shown.authorization);

    assertThat(metrics.statusCode()).isEqualTo(shown.httpStatus);
    assertThat(metrics.body()).contains(shown.code.label()).doesNotContain("weir_");
    assertThat(metrics.headers().firstValue("www-authenticate").isPresent())
        .isEqualTo(shown.httpStatus == 401);
    assertThat(get("/readyz?verbose", shown.authorization).statusCode())
        .isEqualTo(shown.httpStatus);
    assertThat(get("/livez", shown.authorization).statusCode()).isEqualTo(200);
    assertThat(get("/readyz", shown.authorization).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource(value = Shown.class, names = "NO_RIGHT", mode = EnumSource.Mode.EXCLUDE)
  void listsNoTopicsFor(Shown shown) {
    publish("a/b", "1");

    assertThatThrownBy(() ->
            as(shown.authorization, BrokerGrpc.newBlockingStub(channel))
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
