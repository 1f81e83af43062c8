package dev.weir.wire;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A router of a few lines: frames pass from one connection to another with new numbers, bodies and
/// extension blocks untouched, credit hop by hop.
final class RelayTest {
  private final TestEnds back = new TestEnds().serve("kv", _ -> new RouteEcho());
  private final WireLoops loops = WireLoops.start("test-router", 1, Transport.best());
  private final WireContext context = WireContext.of("router");
  private final Recorder client = new Recorder();
  private WireServer router;
  private WireConnection upstream;
  private volatile boolean joining;

  @BeforeEach
  void startTheRouter() throws Exception {
    upstream =
        new WireConnector(loops, context)
            .connect(back.address(), new ConnectionHandler() {})
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
    router =
        WireServer.start(
            loops,
            context,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            () ->
                new ConnectionHandler() {
                  @Override
                  public Optional<StreamHandler> onOpen(WireStream stream, OpenRequest request) {
                    WireStream first = upstream.open(request, new Back(stream));
                    return Optional.of(
                        new Front(
                            stream,
                            first,
                            joining ? upstream.open(request, new Back(stream)) : first));
                  }
                });
  }

  @AfterEach
  void nothingIsLeft() {
    router.close();
    loops.close();
    back.close();
  }

  @Test
  void passesCallsOnWithoutDecodingThem() throws Exception {
    WireStream stream = connect().open(OpenRequest.of("kv"), client);

    for (int i = 0; i < 1000; i++) {
      stream.call(WireStreamTest.text("k" + i), 1000 + i, 60_000_000, client);
    }

    eventually("1000 replies", () -> client.messages.get() == 1000);
    assertThat(client.events.getFirst()).isEqualTo("reply k0 @1000");
    assertThat(client.events.getLast()).isEqualTo("reply k999 @1999");
  }

  @Test
  void passesLargeMessagesOnFrameByFrame() throws Exception {
    WireStream stream = connect().open(OpenRequest.of("kv"), client);

    for (int i = 0; i < 5; i++) {
      stream.call(Unpooled.wrappedBuffer(new byte[1_500_000]), 7, -1, client);
    }

    eventually("5 replies", () -> client.messages.get() == 5);
    assertThat(client.bytes.get()).isEqualTo(7_500_000);
  }

  @Test
  void letsTwoStreamsAnswerInPartsOnOne() throws Exception {
    joining = true;
    WireStream stream = connect().open(OpenRequest.of("kv"), client);

    for (int i = 0; i < 5; i++) {
      stream.call(Unpooled.wrappedBuffer(new byte[1_500_000]), i, -1, client);
    }

    eventually("5 replies", () -> client.messages.get() == 5);
    assertThat(client.bytes.get()).isEqualTo(7_500_000);
  }

  @Test
  void opensStreamsAsSoonAsTheConnectionIsTold() throws Exception {
    back.connector
        .connect(back.address(), new ConnectionHandler() {})
        .thenAccept(
            c -> c.open(OpenRequest.of("kv"), client).call(WireStreamTest.text("a"), client))
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);

    eventually("the reply", () -> client.events.contains("reply a @0"));
  }

  private WireConnection connect() throws Exception {
    return back.connector
        .connect(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), router.port()),
            new ConnectionHandler() {})
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }

  /// From the client to the storage node, with the number that it has there.
  private record Front(WireStream from, WireStream even, WireStream odd) implements FrameHandler {
    @Override
    public void onFrame(WireStream stream, FrameView frame) {
      pass(frame, from, frame.mid() % 2 == 0 ? even : odd);
    }

    @Override
    public void onClosed(WireStream stream, WireStatus status, Metadata trailers) {
      even.abort(WireStatus.of(StatusCode.CANCELLED, "The client is gone."));
      odd.abort(WireStatus.of(StatusCode.CANCELLED, "The client is gone."));
    }
  }

  private record Back(WireStream to) implements FrameHandler {
    @Override
    public void onFrame(WireStream stream, FrameView frame) {
      pass(frame, stream, to);
    }

    @Override
    public void onClosed(WireStream stream, WireStatus status, Metadata trailers) {
      to.abort(status);
    }
  }

  private static void pass(FrameView frame, WireStream from, WireStream to) {
    int bytes = frame.frameBytes();
    if (to.forward(frame, frame.mid(), (_, _) -> from.consumed(bytes))) {
      from.consumed(bytes);
    }
  }

  /// Answers with the body and the route.
  private static final class RouteEcho implements StreamHandler {

    @Override
    public void onMessage(WireStream stream, MessageView message) {
      if (message.bodyBytes() > 100) {
        stream.reply(message.mid(), message.retainedBody());
      } else {
        stream.reply(message.mid(), WireStreamTest.text(message.text() + " @" + message.route()));
      }
    }

    @Override
    public void onClosed(WireStream stream, WireStatus status, Metadata trailers) {}
  }
}
