package dev.weir.wire;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Checksums and compressed bodies through a router that has both, between ends that may not.
final class FeatureRelayTest {
  private static final long BOTH = WireFeatures.CRC | WireFeatures.ZSTD;

  private final WireLoops loops = WireLoops.start("test-router", 1, Transport.best());
  private final WireContext context = AgreedFeaturesTest.context("router", BOTH);
  private final List<byte[]> replies = new CopyOnWriteArrayList<>();
  private final Recorder client = new Recorder();
  private TestEnds ends;
  private WireServer router;
  private WireConnection upstream;

  @BeforeEach
  void start() throws Exception {
    start(BOTH, BOTH);
  }

  @AfterEach
  void nothingIsLeft() {
    router.close();
    loops.close();
    ends.close();
    assertThat(context.budget().heldBytes()).isZero();
  }

  private void restart(long node, long own) throws Exception {
    router.close();
    ends.close();
    start(node, own);
  }

  private void start(long node, long own) throws Exception {
    WireContext nodes = AgreedFeaturesTest.context("node", node);
    ends = new TestEnds(Transport.best(), nodes, AgreedFeaturesTest.context("client", own));
    ends.serve("echo", _ -> new Echo());
    upstream =
        new WireConnector(loops, context)
            .connect(ends.address(), new ConnectionHandler() {})
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
    eventually("the node's hello", () -> upstream.agreement().isPresent());
    router =
        WireServer.start(
            loops,
            context,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            () ->
                new ConnectionHandler() {
                  @Override
                  public Optional<StreamHandler> onOpen(WireStream stream, OpenRequest request) {
                    Passing back = new Passing(stream);
                    return Optional.of(new Passing(upstream.open(request, back)));
                  }
                });
  }

  private InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), router.port());
  }

  static Stream<Arguments> pairs() {
    return AgreedFeaturesTest.pairs();
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void passesMessagesOnWhateverEachSideHas(long node, long own) throws Exception {
    restart(node, own);
    WireStream stream = open();
    List<byte[]> bodies = AgreedFeaturesTest.bodies();

    for (byte[] body : bodies) {
      assertThat(stream.call(Unpooled.wrappedBuffer(body), 5, 60_000_000, new Keeper()))
          .isNotEqualTo(Offer.REFUSED);
    }

    eventually("the replies", () -> replies.size() + client.ends.size() == bodies.size());
    assertThat(client.ends).isEmpty();
    for (byte[] body : bodies) {
      assertThat(replies).anyMatch(reply -> Arrays.equals(reply, body));
    }
    for (WireContext each : List.of(context, ends.serverContext, ends.clientContext)) {
      assertThat(each.counters().damagedFrames()).isZero();
      assertThat(each.counters().peerFaults()).isZero();
    }
  }

  /// Frames that had to wait at the router give their senders back what they cost.
  @ParameterizedTest
  @MethodSource("pairs")
  void losesNoCreditOnTheWay(long node, long own) throws Exception {
    restart(node, own);
    WireStream stream = open();

    for (int round = 1; round <= 20; round++) {
      int sum = 3 * round;
      for (int i = 0; i < 3; i++) {
        stream.call(Unpooled.wrappedBuffer(AgreedFeaturesTest.text(500_000)), new Keeper());
      }
      eventually("replies", () -> replies.size() + client.ends.size() == sum);
    }

    eventually("the router holds nothing", () -> context.budget().heldBytes() == 0);
    assertThat(client.ends).isEmpty();
  }

  /// The router looks at a checksum before it passes it on: it is the client's connection that ends
  /// with a wrong one, not the one that all clients share.
  @Test
  void endsTheConnectionThatAWrongChecksumCameFrom() throws Exception {
    try (RawPeer peer = begun()) {
      byte[] damaged = AgreedFrames.sealed(new byte[100]);
      damaged[50]++;
      peer.writeHex(AgreedFrames.call(1, FrameHeader.CRC, damaged));

      assertThat(lastWord(peer, "GOAWAY")).contains("WEIR-7011");
    }
    assertThat(upstream.isOpen()).isTrue();
    assertThat(context.counters().damagedFrames()).isEqualTo(1);
    assertThat(ends.serverContext.counters().damagedFrames()).isZero();
  }

  /// A router does not look into compressed bodies unless it has to; a damaged one ends its stream
  /// wherever that is found.
  @ParameterizedTest
  @MethodSource("nodes")
  void endsTheStreamThatADamagedBodyCameFrom(long node) throws Exception {
    restart(node, 0);
    try (RawPeer peer = begun()) {
      byte[] bomb = AgreedFrames.packed(60_000, new byte[1 << 20]);
      peer.writeHex(AgreedFrames.call(1, FrameHeader.ZSTD, bomb));

      assertThat(lastWord(peer, "RESET")).contains("does not hold what it announces");
    }
    assertThat(upstream.isOpen()).isTrue();
    WireContext found = node == 0 ? context : ends.serverContext;
    assertThat(found.counters().damagedFrames()).isEqualTo(1);
    assertThat(ends.serverContext.counters().peerFaults()).isZero();
  }

  static List<Long> nodes() {
    return List.of(0L, WireFeatures.ZSTD);
  }

  private RawPeer begun() throws IOException {
    RawPeer peer = new RawPeer(address());
    peer.writeHex(AgreedFrames.PREFACE + AgreedFrames.HELLO + AgreedFrames.OPEN_ECHO);
    return peer;
  }

  private static String lastWord(RawPeer peer, String type) throws IOException {
    String frame = peer.readFrame();
    while (!frame.startsWith(type)) {
      frame = peer.readFrame();
    }
    return frame;
  }

  private WireStream open() throws Exception {
    WireConnection connection =
        ends.connector
            .connect(address(), new ConnectionHandler() {})
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
    eventually("the router's hello", () -> connection.agreement().isPresent());
    return connection.open(OpenRequest.of("echo"), client);
  }

  /// Passes what comes on to another stream.
  private record Passing(WireStream to) implements FrameHandler {
    @Override
    public void onFrame(WireStream stream, FrameView frame) {
      int bytes = frame.frameBytes();
      if (to.forward(frame, frame.mid(), (_, n) -> stream.consumed(n))) {
        stream.consumed(bytes);
      }
    }

    @Override
    public void onClosed(WireStream stream, WireStatus status, Metadata trailers) {
      to.abort(status);
    }
  }

  private final class Keeper implements ReplyHandler {
    @Override
    public void onReply(MessageView reply) {
      replies.add(ByteBufUtil.getBytes(reply.buffer(), reply.bodyIndex(), reply.bodyBytes()));
    }

    @Override
    public void onFailure(int mid, WireStatus status) {
      client.ends.add(status);
    }
  }
}
