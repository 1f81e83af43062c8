package dev.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.ByteMutator;
import dev.weir.testkit.Seeds;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// Damaged conversations: whatever comes, a connection answers or ends with a typed fault, throws
/// nothing, and holds nothing afterwards.
final class FuzzTest {
  /// A server's side of a conversation in which it gives leases of two calls.
  private static final String ANSWERS =
      """
      0000001e 02 00 0040 00000000 00000000  0001 0002 0100 0002 0008 0000000000000100
        0004 0008 0000000000000001
      0000000c 21 00 0040 00000000 00000000  0000000000000002 0000ea60
      00000000 13 80 0040 00000001 00000001
      00000001 13 80 0040 00000001 00000002  00
      0000000c 21 00 0040 00000000 00000000  0000000000000003 00000001
      00000002 13 80 0040 00000001 00000003  0000
      00000000 14 80 0040 00000001 00000000
      """;

  private static final int RUNS = Integer.getInteger("weir.wire.fuzz.runs", 2_000);

  @Test
  void outlivesDamagedConversations() throws IOException {
    RandomGenerator random = Seeds.random("FuzzTest");
    ByteMutator mutator = new ByteMutator(random, corpus());
    WireContext context = WireContext.of("server").withCrc().with(new WireCompression());
    WireContext leasing =
        context.with(WireLimits.STANDARD.with(new WireLease(1, Duration.ofHours(1))));
    for (int run = 0; run < RUNS; run++) {
      EmbeddedChannel channel = new EmbeddedChannel();
      WireDoor.of(run % 2 == 0 ? context : leasing, Echo::new).open(channel);
      converse(channel, mutator.next(), random);
    }

    assertNothingHeld(context);
    assertThat(context.counters().leaseRefusals()).isPositive();
  }

  @Test
  void outlivesDamagedAnswers() {
    RandomGenerator random = Seeds.random("FuzzTest.answers");
    ByteMutator mutator = new ByteMutator(random, List.of(RawPeer.hex(ANSWERS)));
    WireContext context = WireContext.of("client");
    Recorder caller = new Recorder();
    AtomicInteger calls = new AtomicInteger();
    ConnectionHandler handler =
        new ConnectionHandler() {
          @Override
          public void onAgreed(WireConnection connection, Agreement agreement) {
            WireStream stream = connection.open(OpenRequest.of("echo"), new Recorder());
            for (int i = 0; i < 3; i++) {
              var _ = stream.call(Unpooled.copiedBuffer(new byte[i]), -1, caller);
              calls.incrementAndGet();
            }
          }
        };
    for (int run = 0; run < RUNS; run++) {
      WirePipe pipe = new WirePipe(context, handler, true, 1, _ -> {});
      converse(new EmbeddedChannel(pipe), mutator.next(), random);
    }

    assertNothingHeld(context);
    assertThat(context.counters().leaseWaits()).isPositive();
    assertThat(caller.messages.get()).isPositive();
    assertThat(caller.messages.get() + caller.ends.size()).isEqualTo(calls.get());
  }

  private static void converse(EmbeddedChannel channel, byte[] input, RandomGenerator random) {
    int from = 0;
    while (from < input.length && channel.isOpen()) {
      int to = Math.min(input.length, from + 1 + random.nextInt(200));
      channel.writeInbound(Unpooled.copiedBuffer(input, from, to - from));
      from = to;
    }
    channel.checkException();
    var _ = channel.close();
    channel.finishAndReleaseAll();
  }

  private static void assertNothingHeld(WireContext context) {
    assertThat(context.budget().heldBytes()).isZero();
    assertThat(context.counters().peerFaults()).isPositive();
    assertThat(PooledByteBufAllocator.DEFAULT.pinnedDirectMemory()).isZero();
  }

  @Test
  void outlivesDamagedFramesInTheCodec() throws IOException {
    RandomGenerator random = Seeds.random("FuzzTest.codec");
    ByteMutator mutator = new ByteMutator(random, corpus());
    FrameReader.Sink sink = frame -> touch(frame);
    for (int run = 0; run < 5 * RUNS; run++) {
      FrameReader reader = new FrameReader(UnpooledByteBufAllocator.DEFAULT, 1 << 20, sink);
      ByteBuf in = Unpooled.wrappedBuffer(mutator.next());
      try {
        in.skipBytes(Math.min(8, in.readableBytes()));
        reader.read(in);
      } catch (dev.weir.base.WeirException e) {
        assertThat(e.code()).isNotNull();
      } finally {
        reader.stop();
        in.release();
      }
    }
  }

  private static void touch(FrameView frame) {
    frame.deadlineMicros();
    frame.route();
    frame.total();
    frame.statusBits();
    frame.metadata();
    frame.retainedBody().release();
    switch (frame.type()) {
      case HELLO -> Hello.decode(frame.buffer(), frame.bodyIndex(), frame.bodyBytes());
      case OPEN -> OpenRequest.decode(frame);
      default -> {}
    }
  }

  /// Checksums and compressed bodies, in one frame and in parts.
  private static String agreedFeatures() {
    byte[] total = HexFormat.of().parseHex("000a" + "0004" + "00000000000007d0");
    byte[] part = AgreedFrames.packed(1_000, new byte[1_000]);
    int more = FrameHeader.MORE | FrameHeader.EXT | FrameHeader.AGREED;
    return AgreedFrames.PREFACE
        + AgreedFrames.HELLO
        + AgreedFrames.OPEN_ECHO
        + AgreedFrames.call(1, FrameHeader.CRC, AgreedFrames.sealed(new byte[20]))
        + AgreedFrames.call(2, FrameHeader.ZSTD, part)
        + AgreedFrames.call(3, more, AgreedFrames.sealed(AgreedFrames.join(total, part)))
        + AgreedFrames.call(3, FrameHeader.AGREED, AgreedFrames.sealed(part))
        + AgreedFrames.call(4, 0, new byte[3]);
  }

  /// The recorded conversation, and one with messages in parts, numbered fields and every way to
  /// end a stream.
  private static List<byte[]> corpus() throws IOException {
    List<byte[]> corpus = new ArrayList<>();
    corpus.add(RawPeer.hex(RawPeer.resource("/transcripts/client-1.0.hex")));
    corpus.add(RawPeer.hex(RawPeer.resource("/transcripts/client-1.0-lease.hex")));
    corpus.add(
        RawPeer.hex(
            """
            57454952 0100 0000
            00000006 01 00 0040 00000000 00000000  0001 0002 0100
            00000007 10 80 0040 00000001 00000000  0004 6563686f 00
            00000010 12 86 0040 00000001 00000001  000a 0004 0000000000000008 68656c6c
            00000004 12 80 0040 00000001 00000001  6f6f6f6f
            00000008 20 00 0040 00000001 00000000  0000000000100000
            00000008 20 00 0040 00000000 00000000  0000000000200000
            00000000 15 00 0040 00000001 00000001
            00000016 12 84 0040 00000001 00000002  0012 000b 000f4240 1122334455667788 00001000 6869
            00000007 10 80 0040 00000003 00000000  0004 6563686f 00
            00000008 14 05 0040 00000003 00000000  0004 0020 0001 6869
            00000008 16 04 0040 00000001 00000000  0004 0020 0001 6869
            00000004 24 00 0040 00000000 00000000  68690000
            """));
    corpus.add(RawPeer.hex(agreedFeatures()));
    return corpus;
  }
}
