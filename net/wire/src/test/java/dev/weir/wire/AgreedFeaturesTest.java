package dev.weir.wire;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.ByteSize;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Checksums and compression between ends that have both, one or none of them.
final class AgreedFeaturesTest {
  private static final long BOTH = WireFeatures.CRC | WireFeatures.ZSTD;
  private static final List<Long> SETS = List.of(0L, WireFeatures.CRC, WireFeatures.ZSTD, BOTH);

  private final Recorder client = new Recorder();
  private final List<byte[]> replies = new CopyOnWriteArrayList<>();
  private TestEnds ends = new TestEnds();

  @AfterEach
  void nothingIsLeft() {
    ends.close();
  }

  static Stream<Arguments> pairs() {
    return SETS.stream().flatMap(a -> SETS.stream().map(b -> Arguments.of(a, b)));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void carriesMessagesWhateverEachEndHas(long server, long own) throws Exception {
    start(server, own);
    WireConnection connection = ends.connect();
    WireStream stream = connection.open(OpenRequest.of("echo"), client);
    List<byte[]> bodies = bodies();

    for (byte[] body : bodies) {
      assertThat(stream.call(Unpooled.wrappedBuffer(body), -1, 60_000_000, new Keeper()))
          .isNotEqualTo(Offer.REFUSED);
    }

    eventually("the replies", () -> replies.size() + client.ends.size() == bodies.size());
    assertThat(client.ends).isEmpty();
    for (byte[] body : bodies) {
      assertThat(replies).anyMatch(reply -> Arrays.equals(reply, body));
    }
    assertThat(connection.agreement().orElseThrow().features()).isEqualTo(server & own);
    assertThat(ends.serverContext.counters().damagedFrames()).isZero();
    assertThat(client.ends).isEmpty();
  }

  /// A connection whose every thread but its loop sends, with bodies of every kind of buffer.
  @Test
  void takesBodiesOfEveryKindOfBuffer() throws Exception {
    start(BOTH, BOTH);
    WireConnection connection = ends.connect();
    WireStream stream = connection.open(OpenRequest.of("echo"), client);
    byte[] body = text(20_000);

    stream.call(Unpooled.wrappedBuffer(body), new Keeper());
    stream.call(Unpooled.directBuffer().writeBytes(body), new Keeper());
    stream.call(connection.allocator().directBuffer().writeBytes(body), new Keeper());
    stream.call(
        Unpooled.wrappedBuffer(
            Unpooled.copiedBuffer(body, 0, 9_000), Unpooled.copiedBuffer(body, 9_000, 11_000)),
        new Keeper());
    stream.call(Unpooled.wrappedBuffer(body).asReadOnly(), new Keeper());

    eventually("the replies", () -> replies.size() == 5);
    assertThat(replies).allMatch(reply -> Arrays.equals(reply, body));
  }

  @Test
  void sendsFewerBytesWhereThatIsAgreed() throws Exception {
    start(WireFeatures.ZSTD, WireFeatures.ZSTD);
    WireConnection connection = ends.connect();
    WireStream stream = connection.open(OpenRequest.of("echo"), client);
    byte[] body = text(1_000_000);

    stream.call(Unpooled.wrappedBuffer(body), new Keeper());

    eventually("the reply", () -> replies.size() == 1);
    assertThat(replies.getFirst()).isEqualTo(body);
    assertThat(ends.accepted.getFirst().intake().receivedBytes()).isLessThan(body.length / 2);
  }

  /// What is given back is what was taken, whatever lies in between: else streams dry up.
  @Test
  void neverRunsOutOfCredit() throws Exception {
    start(BOTH, BOTH);
    ends.serve(
        "echo",
        stream -> {
          stream.consumeByHand();
          return new Recorder()
              .reacting((from, call) -> {
                from.consumed(call.creditBytes());
                from.reply(call.mid(), call.retainedBody());
              });
        });
    WireConnection connection = ends.connect();
    WireStream stream = connection.open(OpenRequest.of("echo"), client);

    for (int round = 1; round <= 20; round++) {
      int sum = round;
      stream.call(Unpooled.wrappedBuffer(text(2_999_000 + 97 * round)), new Keeper());
      eventually("a reply", () -> replies.size() == sum);
    }

    assertThat(client.ends).isEmpty();
  }

  private void start(long server, long own) {
    ends.close();
    ends = new TestEnds(Transport.best(), context("server", server), context("client", own));
    ends.serve("echo", _ -> new Echo());
  }

  static WireContext context(String name, long features) {
    WireContext context = WireContext.of(name);
    if ((features & WireFeatures.CRC) != 0) {
      context = context.withCrc();
    }
    return (features & WireFeatures.ZSTD) == 0
        ? context
        : context.with(new WireCompression(new ByteSize(100), 3));
  }

  /// Around the threshold, the size that is copied, and the frame; that become smaller or do not.
  static List<byte[]> bodies() {
    int[] sizes = {
      0, 1, 99, 100, 101, 4_095, 4_096, 4_097, 65_500, 65_516, 65_532, 65_536, 200_000, 1_000_000
    };
    return Arrays.stream(sizes)
        .boxed()
        .flatMap(size -> Stream.of(text(size), noise(size), new byte[size]))
        .toList();
  }

  static byte[] text(int size) {
    byte[] body = new byte[size];
    for (int i = 0; i < size; i++) {
      body[i] = (byte) ("abcdefgh".charAt((i * 7 + i / 50) & 7) + (i >> 10 & 7));
    }
    return body;
  }

  private static byte[] noise(int size) {
    byte[] body = new byte[size];
    new java.util.SplittableRandom(size).nextBytes(body);
    return body;
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
