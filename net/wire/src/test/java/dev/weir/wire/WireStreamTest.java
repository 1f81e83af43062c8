package dev.weir.wire;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.ByteSize;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Streams and calls over real sockets.
final class WireStreamTest {
  private TestEnds ends = new TestEnds();
  private final Recorder client = new Recorder();
  private final Recorder server = new Recorder();

  @AfterEach
  void nothingIsLeft() {
    ends.close();
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void answersCallsOnEveryTransport(Transport transport) throws Exception {
    if (transport.isAvailable()) {
      ends.close();
      ends = new TestEnds(transport, ends.serverContext, ends.clientContext);
      serveEcho();
      WireStream stream = open("echo");

      for (int i = 0; i < 100; i++) {
        assertThat(stream.call(text("c" + i), client).isTaken()).isTrue();
      }

      eventually("100 replies", () -> client.messages.get() == 100);
      assertThat(client.events).containsExactlyElementsOf(numbered("reply c", 100));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4096, 4097, 65_500, 65_536, 1_000_000, 5_000_000})
  void carriesBodiesOfEverySize(int bytes) throws Exception {
    List<ByteBuf> echoed = new ArrayList<>();
    CountDownLatch done = new CountDownLatch(1);
    serveEcho();
    WireStream stream = open("echo");
    byte[] content = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      content[i] = (byte) ((i * 31) >> 3);
    }
    ByteBuf body = Unpooled.wrappedBuffer(content);

    stream.call(
        body.retainedDuplicate(),
        new ReplyHandler() {
          @Override
          public void onReply(MessageView reply) {
            echoed.add(reply.retainedBody());
            done.countDown();
          }

          @Override
          public void onFailure(int mid, WireStatus status) {
            done.countDown();
          }
        });
    done.await();

    assertThat(echoed).hasSize(1);
    assertThat(ByteBufUtil.getBytes(echoed.getFirst())).isEqualTo(content);
    echoed.getFirst().release();
    body.release();
  }

  @Test
  void callsWithBytesThatStayTheCallers() throws Exception {
    int calls = 10_000; // More than the first credit is for: the rest waits here, as copies.
    serveEcho();
    WireStream stream = open("echo");
    ByteBuf own = Unpooled.directBuffer();

    stream
        .connection()
        .loop()
        .submit(() -> {
          for (int i = 0; i < calls; i++) {
            own.clear().writeCharSequence("c" + i, StandardCharsets.UTF_8);
            if (i % 2 == 0) {
              stream.call(own, 0, own.readableBytes(), -1, client);
            } else {
              stream.call(own, 0, own.readableBytes(), i, -1, client);
            }
          }
        })
        .get();

    eventually("the replies", () -> client.messages.get() == calls);
    assertThat(client.events).containsExactlyElementsOf(numbered("reply c", calls));
    assertThat(own.refCnt()).isOne();
    own.release();
  }

  @Test
  void streamsBothWaysAndEndsWithAStatus() throws Exception {
    ends.serve(
        "chat",
        stream -> {
          stream.accept(Metadata.of("hello", "there"));
          return server.reacting((s, m) -> {
            s.send(text("re " + m.text()));
            if (m.text().equals("last")) {
              s.finish(WireStatus.OK, Metadata.of("count", "3"));
            }
          });
        });
    WireStream stream = open("chat");
    stream.send(text("one"));
    stream.send(text("two"));
    stream.send(text("last"));
    stream.end();

    eventually("the end", () -> !client.ends.isEmpty() && !server.ends.isEmpty());

    assertThat(client.events)
        .containsExactly(
            "accepted hello=there",
            "message re one",
            "message re two",
            "message re last",
            "closed OK count=3");
    assertThat(server.events).startsWith("message one", "message two", "message last");
    assertThat(server.ends).containsExactly(WireStatus.OK);
  }

  @Test
  void isOverOnceBothHaveSaidTheirLast() throws Exception {
    ends.serve("upload", _ -> new EndingRecorder(server));
    WireStream stream = open("upload");
    stream.send(text("part"));
    stream.end();

    eventually("both ends", () -> !client.ends.isEmpty() && !server.ends.isEmpty());

    assertThat(server.events).containsExactly("message part", "end", "closed OK ");
    assertThat(client.events).containsExactly("end", "closed OK ");
    assertThat(stream.send(text("late"))).isIn(Offer.CLOSED, Offer.TAKEN); // Off the loop: dropped.
  }

  @Test
  void tellsTheOtherEndOfACancellationWithItsReason() throws Exception {
    ends.serve("wait", _ -> server);
    WireStream stream = open("wait");
    stream.send(text("x"));
    eventually("the message", () -> server.messages.get() == 1);

    stream.abort(WireStatus.of(StatusCode.CANCELLED, "changed my mind"));

    eventually("the end", () -> !server.ends.isEmpty());
    assertThat(server.events).contains("closed CANCELLED changed my mind");
    assertThat(client.events).containsExactly("closed CANCELLED changed my mind");
  }

  @Test
  void refusesAMethodThatNobodyServes() throws Exception {
    open("nothing").call(text("x"), client);

    eventually("the refusal", () -> client.ends.size() == 2);
    assertThat(client.events)
        .containsExactlyInAnyOrder(
            "failure UNIMPLEMENTED Nobody serves nothing.",
            "closed UNIMPLEMENTED Nobody serves nothing.");
  }

  @Test
  void resetsAStreamWhoseHandlerFailsAndKeepsTheConnection() throws Exception {
    serveEcho();
    ends.serve(
        "bad",
        _ ->
            server.reacting((_, _) -> {
              throw new IllegalArgumentException("a bug of the handler");
            }));
    WireStream bad = open("bad");
    bad.send(text("x"));
    eventually("the reset", () -> client.events.contains("closed INTERNAL The handler failed."));

    WireStream good = bad.connection().open(OpenRequest.of("echo"), client);
    good.call(text("still here"), client);

    eventually("the reply", () -> client.events.contains("reply still here"));
    assertThat(ends.serverContext.counters().handlerFaults()).isEqualTo(1);
  }

  @Test
  void tellsAnOwnerThatEndsItsStreamAsItTakesIt() throws Exception {
    ends.serve(
        "never",
        stream -> {
          stream.abort(WireStatus.of(StatusCode.UNAVAILABLE, "Not now."));
          return server;
        });

    open("never");

    eventually("both are told", () -> client.ends.size() == 1 && server.ends.size() == 1);
    assertThat(server.events).containsExactly("closed UNAVAILABLE Not now.");
  }

  @Test
  void givesEachCallItsOwnFailure() throws Exception {
    ends.serve(
        "fail",
        _ ->
            server.reacting(
                (s, m) -> s.reply(m.mid(), WireStatus.of(StatusCode.NOT_FOUND, "no " + m.text()))));
    WireStream stream = open("fail");

    stream.call(text("a"), client);
    stream.call(text("b"), client);

    eventually("both", () -> client.ends.size() == 2);
    assertThat(client.events).containsExactly("failure NOT_FOUND no a", "failure NOT_FOUND no b");
  }

  @Test
  void failsACallThatIsCancelledAndDropsItsLateReply() throws Exception {
    List<Integer> mids = new ArrayList<>();
    ends.serve("slow", _ -> server);
    WireStream stream = open("slow");
    stream.call(
        text("x"),
        new ReplyHandler() {
          @Override
          public void onSent(int mid) {
            mids.add(mid);
          }

          @Override
          public void onReply(MessageView reply) {
            client.onReply(reply);
          }

          @Override
          public void onFailure(int mid, WireStatus status) {
            client.onFailure(mid, status);
          }
        });
    eventually("the call", () -> server.messages.get() == 1);

    stream.cancel(mids.getFirst());
    eventually("the cancellation", () -> server.events.contains("cancelled " + mids.getFirst()));
    WireConnection served = ends.accepted.getFirst();
    served.onLoop(() -> onlyStream(served).reply(mids.getFirst(), text("late")));

    eventually("the late reply", () -> ends.clientContext.counters().lateReplies() == 1);
    assertThat(client.events).containsExactly("failure CANCELLED The call was cancelled here.");
  }

  @Test
  void failsACallWhoseDeadlinePasses() throws Exception {
    ends.serve("slow", _ -> server);
    WireStream stream = open("slow");

    stream.call(text("x"), 7, 500_000, client); // Long enough to be sent before it passes.

    eventually("the deadline", () -> !client.ends.isEmpty());
    assertThat(client.ends.getFirst().code()).isEqualTo(StatusCode.DEADLINE_EXCEEDED);
    eventually("the server hears of it", () -> server.events.contains("cancelled 1"));
  }

  @Test
  void refusesTooManyStreams() throws Exception {
    ends.close();
    WireContext few = WireContext.of("server").with(WireLimits.STANDARD.withStreams(2));
    ends = new TestEnds(Transport.best(), few, ends.clientContext);
    serveEcho();
    WireConnection connection = ends.connect();
    for (int i = 0; i < 3; i++) {
      connection.open(OpenRequest.of("echo"), client);
    }

    eventually("the refusal", () -> client.ends.size() == 1);
    assertThat(client.ends.getFirst().isUnprocessed()).isTrue();
    assertThat(client.ends.getFirst().code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED);
  }

  @Test
  void refusesAMessageBeyondTheLimit() throws Exception {
    ends.close();
    WireContext small =
        WireContext.of("server").with(WireLimits.STANDARD.withMessage(ByteSize.ofKibibytes(100)));
    ends = new TestEnds(Transport.best(), small, ends.clientContext);
    serveEcho();
    WireStream stream = open("echo");

    stream.call(Unpooled.wrappedBuffer(new byte[200_000]), client);

    eventually("the end of the stream", () -> client.ends.size() == 2);
    assertThat(client.ends.getFirst().code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED);
    assertThat(client.ends.getFirst().detail()).contains("WEIR-7003", "200000", "102400 at most");
    assertThat(stream.connection().isOpen()).isTrue();
  }

  private static WireStream onlyStream(WireConnection connection) {
    return connection.streams().getFirst();
  }

  private void serveEcho() {
    ends.serve("echo", _ -> new Echo());
  }

  private WireStream open(String method) throws Exception {
    return ends.connect().open(OpenRequest.of(method), client);
  }

  private static List<String> numbered(String prefix, int count) {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(prefix + i);
    }
    return all;
  }

  static ByteBuf text(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
  }

  /// Ends its side as soon as the peer has.
  private record EndingRecorder(Recorder recorder) implements StreamHandler {
    @Override
    public void onMessage(WireStream stream, MessageView message) {
      recorder.onMessage(stream, message);
    }

    @Override
    public void onEnd(WireStream stream) {
      recorder.onEnd(stream);
      stream.end();
    }

    @Override
    public void onClosed(WireStream stream, WireStatus status, Metadata trailers) {
      recorder.onClosed(stream, status, trailers);
    }
  }
}
