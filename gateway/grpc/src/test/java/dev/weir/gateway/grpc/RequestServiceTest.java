package dev.weir.gateway.grpc;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.broker.Requests;
import dev.weir.message.Message;
import dev.weir.proto.v1.IncomingRequest;
import dev.weir.proto.v1.RequestRequest;
import dev.weir.proto.v1.RequestResponse;
import dev.weir.proto.v1.RequestsGrpc;
import dev.weir.proto.v1.ServeFailure;
import dev.weir.proto.v1.ServeOpening;
import dev.weir.proto.v1.ServeReply;
import dev.weir.proto.v1.ServeRequest;
import dev.weir.proto.v1.ServeResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class RequestServiceTest {
  @TempDir Path directory;

  private static Talk<ServeRequest, ServeResponse> serve(Door door, String filter, int capacity) {
    Talk<ServeRequest, ServeResponse> talk =
        Talk.<ServeRequest, ServeResponse>open(RequestsGrpc.newStub(door.channel)::serve)
            .say(
                ServeRequest.newBuilder()
                    .setOpen(ServeOpening.newBuilder().setFilter(filter).setCapacity(capacity))
                    .build());
    assertThat(talk.await(1).getFirst().hasOpened()).isTrue();
    return talk;
  }

  private static RequestRequest request(String topic, String body, long timeoutMillis) {
    return RequestRequest.newBuilder()
        .setMessage(
            dev.weir.proto.v1.Message.newBuilder()
                .setTopic(topic)
                .setBody(ByteString.copyFromUtf8(body)))
        .setTimeoutMillis(timeoutMillis)
        .build();
  }

  private static CompletableFuture<RequestResponse> ask(Door door, RequestRequest request) {
    return CompletableFuture.supplyAsync(
        () -> RequestsGrpc.newBlockingStub(door.channel).request(request),
        task -> Thread.ofVirtual().start(task));
  }

  private static void refused(
      CompletableFuture<RequestResponse> asked, Status.Code status, ErrorCode code) {
    Throwable fault = asked.handle((_, cause) -> cause.getCause()).join();
    StatusRuntimeException known = (StatusRuntimeException) fault;
    assertThat(known.getStatus().getCode()).isEqualTo(status);
    assertThat(Objects.requireNonNull(known.getTrailers()).get(RegistryStatus.CODE))
        .isEqualTo("" + code.number());
  }

  private static ServeRequest reply(long number, Message message) {
    return ServeRequest.newBuilder()
        .setReply(ServeReply.newBuilder().setNumber(number).setMessage(Messages.of(message)))
        .build();
  }

  @Test
  void asksAndAnswers() {
    try (Door door = new Door(directory)) {
      Talk<ServeRequest, ServeResponse> server = serve(door, "svc/+", 10);
      CompletableFuture<RequestResponse> asked = ask(door, request("svc/a", "?", 60_000));
      IncomingRequest incoming = server.await(2).get(1).getRequest();
      server.say(reply(incoming.getNumber(), Message.of("-", "!").withContentType("text/plain")));

      assertThat(incoming.getMessage().getTopic()).isEqualTo("svc/a");
      assertThat(incoming.getMessage().getBody().toStringUtf8()).isEqualTo("?");
      assertThat(incoming.getUntilMicros()).isPositive();
      RequestResponse reply = asked.join();
      assertThat(reply.getReply().getBody().toStringUtf8()).isEqualTo("!");
      assertThat(reply.getReply().getTopic()).isEqualTo("svc/a");
      assertThat(reply.getReply().getContentType()).isEqualTo("text/plain");
      assertThat(door.broker.stats().storedMessages()).as("nothing is stored").isZero();
    }
  }

  @Test
  void namesEveryWayInWhichThereIsNoReply() {
    try (Door door = new Door(directory)) {
      refused(ask(door, request("svc/a", "?", 0)), Status.Code.UNAVAILABLE, ErrorCode.NO_RESPONDER);
      refused(
          ask(door, request("a/#", "?", 0)), Status.Code.INVALID_ARGUMENT, ErrorCode.INVALID_TOPIC);
      refused(
          ask(door, request("svc/a", "?", 700_000)),
          Status.Code.INVALID_ARGUMENT,
          ErrorCode.MALFORMED);
      Talk<ServeRequest, ServeResponse> server = serve(door, "#", 1);
      refused(
          ask(door, request("svc/a", "?", 1)), Status.Code.DEADLINE_EXCEEDED, ErrorCode.TIMED_OUT);
      CompletableFuture<RequestResponse> failed = ask(door, request("svc/a", "?", 60_000));
      long number = server.await(3).get(2).getRequest().getNumber();
      refused(
          ask(door, request("svc/a", "?", 60_000)),
          Status.Code.RESOURCE_EXHAUSTED,
          ErrorCode.OVERLOADED);
      server.say(
          ServeRequest.newBuilder()
              .setFailure(ServeFailure.newBuilder().setNumber(number).setDetail("no such thing"))
              .build());
      refused(failed, Status.Code.UNKNOWN, ErrorCode.REQUEST_FAILED);
      CompletableFuture<RequestResponse> lost = ask(door, request("svc/a", "?", 60_000));
      server.await(4);
      server.call().cancel("it dies", null);
      refused(lost, Status.Code.ABORTED, ErrorCode.RESPONDER_LOST);
      refused(ask(door, request("svc/a", "?", 0)), Status.Code.UNAVAILABLE, ErrorCode.NO_RESPONDER);
    }
  }

  @Test
  void aCallThatIsCancelledWithdrawsItsRequest() {
    try (Door door = new Door(directory)) {
      Talk<ServeRequest, ServeResponse> server = serve(door, "svc", 1);
      StatusRuntimeException over = null;
      try {
        var _ =
            RequestsGrpc.newBlockingStub(door.channel)
                .withDeadlineAfter(50, TimeUnit.MILLISECONDS)
                .request(request("svc", "1", 60_000));
      } catch (StatusRuntimeException e) {
        over = e;
      }
      assertThat(over).isNotNull();

      eventually(
          "its place is free",
          () -> {
            CompletableFuture<Message> next =
                door.broker.requests().ask(Message.of("svc", "2"), Duration.ofMinutes(1));
            return !next.isDone() && next.cancel(false);
          });
      assertThat(server.answers()).hasSizeGreaterThan(1);
    }
  }

  @Test
  void aReaderThatStandsStillIsHandedNothingMore() {
    try (Door door = new Door(directory)) {
      Talk<ServeRequest, ServeResponse> slow =
          Talk.open(RequestsGrpc.newStub(door.narrowChannel())::serve, true);
      slow.say(
          ServeRequest.newBuilder()
              .setOpen(ServeOpening.newBuilder().setFilter("svc").setCapacity(10_000))
              .build());
      Requests requests = door.broker.requests();
      Message large = Message.of("svc", Bytes.wrap(new byte[256 << 10]));
      eventually(
          "it is there",
          () -> !requests.ask(large, Duration.ofMinutes(1)).isCompletedExceptionally());
      eventually(
          "it is busy",
          () -> requests.ask(large, Duration.ofMinutes(1)).isCompletedExceptionally());

      Talk<ServeRequest, ServeResponse> other = serve(door, "svc", 10);
      CompletableFuture<Message> asked = requests.ask(large, Duration.ofMinutes(1));
      other.await(2);
      assertThat(asked).isNotDone();
    }
  }

  @Test
  void refusesWhatMakesNoSense() {
    List<ServeRequest> senseless =
        List.of(
            ServeRequest.getDefaultInstance(),
            ServeRequest.newBuilder().setCapacity(3).build(),
            reply(1, Message.of("-", "")),
            ServeRequest.newBuilder().setOpen(ServeOpening.newBuilder().setFilter("a/#/b")).build(),
            ServeRequest.newBuilder()
                .setOpen(ServeOpening.newBuilder().setFilter("a").setCapacity(10_001))
                .build());
    try (Door door = new Door(directory)) {
      for (ServeRequest each : senseless) {
        Talk<ServeRequest, ServeResponse> talk =
            Talk.open(RequestsGrpc.newStub(door.channel)::serve);
        talk.say(each);
        assertThat(talk.awaitEnd().isOk()).isTrue();
        assertThat(talk.answers().getLast().getFailed().getCode()).isBetween(7_000, 7_999);
      }
      Talk<ServeRequest, ServeResponse> server = serve(door, "svc", 1);
      CompletableFuture<RequestResponse> asked = ask(door, request("svc", "?", 60_000));
      long number = server.await(2).get(1).getRequest().getNumber();
      server.say(
          ServeRequest.newBuilder()
              .setReply(
                  ServeReply.newBuilder()
                      .setNumber(number)
                      .setMessage(dev.weir.proto.v1.Message.newBuilder().setPriority(77)))
              .build());
      refused(asked, Status.Code.UNKNOWN, ErrorCode.REQUEST_FAILED);
      assertThat(ask(door, request("svc", "?", 60_000))).isNotDone();
      server.await(3);
    }
  }

  @Test
  void aDrainLetsWhatIsInHandBeRepliedTo() {
    try (Door door = new Door(directory)) {
      Talk<ServeRequest, ServeResponse> idle = serve(door, "idle", 1);
      Talk<ServeRequest, ServeResponse> server = serve(door, "svc", 10);
      CompletableFuture<RequestResponse> asked = ask(door, request("svc", "?", 60_000));
      long number = server.await(2).get(1).getRequest().getNumber();
      door.door.drain();

      assertThat(idle.awaitEnd().isOk()).isTrue();
      server.say(reply(number, Message.of("-", "last")));
      assertThat(asked.join().getReply().getBody().toStringUtf8()).isEqualTo("last");
      assertThat(server.awaitEnd().isOk()).isTrue();
      assertThat(server.answers().getLast().getFailed().getCode())
          .isEqualTo(ErrorCode.CONNECTION_LOST.number());
    }
  }
}
