package dev.weir.node;

import static dev.weir.node.Guests.GOOD;
import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.proto.DataSinkGrpc;
import dev.weir.proto.Hello;
import dev.weir.proto.LaneState;
import dev.weir.proto.Request;
import dev.weir.proto.Response;
import dev.weir.proto.v1.EnterPresence;
import dev.weir.proto.v1.GetPresenceRequest;
import dev.weir.proto.v1.JoinRequest;
import dev.weir.proto.v1.JoinResponse;
import dev.weir.proto.v1.PresenceGrpc;
import dev.weir.proto.v1.RequestRequest;
import dev.weir.proto.v1.RequestsGrpc;
import dev.weir.proto.v1.ServeOpening;
import dev.weir.proto.v1.ServeRequest;
import dev.weir.proto.v1.ServeResponse;
import dev.weir.proto.v1.WatchPresenceRequest;
import dev.weir.proto.v1.WatchPresenceResponse;
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

/// Requests, presence and links with frames, over gRPC and the web, at a core with `auth.file`
/// against each kind of identity.
@Timeout(60)
final class LiveAuthTest {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  @TempDir Path directory;

  private AuthCore core;

  @BeforeEach
  void start() throws IOException {
    core = new AuthCore(directory);
  }

  @AfterEach
  void stop() {
    core.close();
  }

  private <S extends AbstractStub<S>> S as(Shown shown, S stub) {
    Metadata headers = new Metadata();
    if (!shown.authorization().isEmpty()) {
      headers.put(AUTHORIZATION, shown.authorization());
    }
    return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  private static void refused(Shown shown, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class, e -> assertStatus(shown, e.getStatus()));
  }

  private static void assertStatus(Shown shown, Status status) {
    String detail = String.valueOf(status.getDescription());
    if (!shown.mayBePaused(detail)) {
      assertThat(status.getCode()).isEqualTo(shown.grpc());
      assertThat(detail).startsWith(shown.code().label());
    }
  }

  private static dev.weir.proto.v1.Message message() {
    return dev.weir.proto.v1.Message.newBuilder().setTopic("a/b").build();
  }

  @ParameterizedTest
  @EnumSource(Shown.class)
  void answersNobodysRequests(Shown shown) {
    refused(
        shown,
        () ->
            as(shown, RequestsGrpc.newBlockingStub(core.channel()))
                .request(RequestRequest.newBuilder().setMessage(message()).build()));
    Answers<ServeResponse> answers = new Answers<>();
    as(shown, RequestsGrpc.newStub(core.channel()))
        .serve(answers)
        .onNext(
            ServeRequest.newBuilder()
                .setOpen(ServeOpening.newBuilder().setFilter("a/#").setCapacity(1))
                .build());

    eventually("it is over", () -> answers.isOver);
    if (shown.isKnown()) { // Told as any end of who answers.
      assertThat(answers.all.getFirst().getFailed().getCode()).isEqualTo(shown.code().number());
    } else {
      assertStatus(shown, answers.status());
    }
    assertThat(core.node().broker().stats().requests().responders()).isZero();
  }

  @ParameterizedTest
  @EnumSource(Shown.class)
  void showsNobodyWhoIsThere(Shown shown) {
    refused(
        shown,
        () ->
            as(shown, PresenceGrpc.newBlockingStub(core.channel()))
                .getPresence(GetPresenceRequest.newBuilder().setTopic("a/b").build()));
    Answers<WatchPresenceResponse> watched = new Answers<>();
    as(shown, PresenceGrpc.newStub(core.channel()))
        .watch(WatchPresenceRequest.newBuilder().setTopic("a/b").build(), watched);
    Answers<JoinResponse> joined = new Answers<>();
    as(shown, PresenceGrpc.newStub(core.channel()))
        .join(joined)
        .onNext(
            JoinRequest.newBuilder()
                .setNumber(1)
                .setTopic("a/b")
                .setMember("m")
                .setEnter(EnterPresence.getDefaultInstance())
                .build());

    eventually("the watch is over", () -> watched.isOver);
    eventually("nobody enters", () -> joined.isOver || !joined.all.isEmpty());
    if (shown.isKnown()) {
      assertThat(watched.all.getFirst().getFailed().getCode()).isEqualTo(shown.code().number());
      assertThat(joined.all.getFirst().getFailure().getCode()).isEqualTo(shown.code().number());
    } else {
      assertStatus(shown, watched.status());
      assertStatus(shown, joined.status());
    }
    assertThat(core.node().broker().stats().presence().members()).isZero();
  }

  @ParameterizedTest
  @EnumSource(Shown.class)
  void takesNoFramesOfALinkOf(Shown shown) {
    Answers<Response> answers = new Answers<>();
    as(shown, DataSinkGrpc.newStub(core.channel()))
        .send(answers)
        .onNext(
            Request.newBuilder()
                .setVersion(2)
                .setHello(
                    Hello.newBuilder()
                        .setAgent("site-1")
                        .setIncarnation(7)
                        .addLanes(LaneState.newBuilder().setNextSequence(1).setFirstUnacked(1)))
                .build());

    eventually("it is over", () -> answers.isOver);
    assertThat(answers.all).noneMatch(Response::hasWelcome);
    assertThat(answers.all + " " + answers.status())
        .containsAnyOf(shown.code().label(), "WEIR-3008");
  }

  @ParameterizedTest
  @EnumSource(Shown.class)
  void answersNoRequestAndShowsNobodyOverTheWeb(Shown shown) throws Exception {
    refusedOverTheWeb(shown, "POST", "/v1/requests/a/b");
    refusedOverTheWeb(shown, "GET", "/v1/presence/a/b");
  }

  private void refusedOverTheWeb(Shown shown, String method, String path) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + core.node().address() + path))
            .method(method, HttpRequest.BodyPublishers.ofString("?"));
    if (!shown.authorization().isEmpty()) {
      request.header("Authorization", shown.authorization());
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      if (shown.mayBePaused(answer.body())) {
        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.headers().firstValue("retry-after")).isPresent();
      } else {
        assertThat(answer.statusCode()).as(path).isEqualTo(shown.httpStatus());
        assertThat(answer.body()).contains(shown.code().label());
      }
    }
  }

  /// Two users may name their agents alike: each draws a number of its own, which nobody else is
  /// told, so that neither ends the other's session or numbers its frames.
  @Test
  void keepsAgentsOfOneNameApart() {
    Answers<Response> first = new Answers<>();
    Answers<Response> second = new Answers<>();
    StreamObserver<Request> one = link("Bearer " + GOOD.text(), 7, first);
    eventually("the first is welcome", () -> first.all.stream().anyMatch(Response::hasWelcome));
    StreamObserver<Request> other = link(Guests.basic("anna", "hunter2"), 8, second);
    eventually("the second is, too", () -> second.all.stream().anyMatch(Response::hasWelcome));

    assertThat(first.isOver).isFalse();
    one.onCompleted();
    other.onCompleted();
  }

  private StreamObserver<Request> link(
      String authorization, long incarnation, Answers<Response> answers) {
    Metadata headers = new Metadata();
    headers.put(AUTHORIZATION, authorization);
    StreamObserver<Request> requests =
        DataSinkGrpc.newStub(core.channel())
            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
            .send(answers);
    requests.onNext(
        Request.newBuilder()
            .setVersion(2)
            .setHello(
                Hello.newBuilder()
                    .setAgent("site-1")
                    .setIncarnation(incarnation)
                    .addLanes(LaneState.newBuilder().setNextSequence(1).setFirstUnacked(1)))
            .build());
    return requests;
  }

  /// Keeps what came, and how it ended.
  private static final class Answers<A> implements StreamObserver<A> {
    private final List<A> all = new CopyOnWriteArrayList<>();
    private volatile @Nullable Throwable fault;
    private volatile boolean isOver;

    @Override
    public void onNext(A answer) {
      all.add(answer);
    }

    @Override
    public void onError(Throwable cause) {
      fault = cause;
      isOver = true;
    }

    @Override
    public void onCompleted() {
      isOver = true;
    }

    private Status status() {
      Throwable cause = fault;
      return cause == null ? Status.OK : Status.fromThrowable(cause);
    }
  }
}
