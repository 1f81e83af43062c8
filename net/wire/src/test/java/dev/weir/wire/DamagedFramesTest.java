package dev.weir.wire;

import static dev.weir.wire.AgreedFrames.HELLO;
import static dev.weir.wire.AgreedFrames.OPEN_ECHO;
import static dev.weir.wire.AgreedFrames.PREFACE;
import static dev.weir.wire.AgreedFrames.call;
import static dev.weir.wire.AgreedFrames.join;
import static dev.weir.wire.AgreedFrames.packed;
import static dev.weir.wire.AgreedFrames.sealed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.ByteSize;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a peer may get wrong about checksums and compressed bodies, on purpose too.
final class DamagedFramesTest {
  private static final String BEGIN = PREFACE + HELLO + OPEN_ECHO;
  private static final byte[] HI = "hi".getBytes(StandardCharsets.UTF_8);

  private TestEnds ends;

  @BeforeEach
  void start() {
    start(WireLimits.STANDARD);
  }

  private void start(WireLimits limits) {
    WireContext server = WireContext.of("server").withCrc().with(new WireCompression());
    ends = new TestEnds(Transport.best(), server.with(limits), WireContext.of("client"));
    ends.serve("echo", _ -> new Echo());
  }

  @AfterEach
  void nothingIsLeft() {
    ends.close();
  }

  @Test
  void takesARightChecksumAndAnswersWithOne() throws IOException {
    try (RawPeer peer = new RawPeer(ends.address())) {
      peer.writeHex(BEGIN + call(1, FrameHeader.CRC, sealed(HI)));

      assertThat(peer.readFrame()).isEqualTo("HELLO_ACK 0 0");
      RawPeer.Frame reply = peer.readMessage();
      assertThat(reply.flags() & FrameHeader.CRC).isNotZero();
      assertThat(reply.payload()).isEqualTo(sealed(HI));
    }
  }

  @Test
  void leavesOutOfTheChecksumWhatHopsChange() throws IOException {
    byte[] ext =
        HexFormat.of().parseHex("0012" + "000b" + "000f4240" + "1122334455667788" + "00001000");
    byte[] covered = HexFormat.of().parseHex("0012" + "000b" + "1122334455667788");
    byte[] body = sealed(join(ext, HI), join(covered, HI));
    try (RawPeer peer = new RawPeer(ends.address())) {
      peer.writeHex(BEGIN + call(1, FrameHeader.CRC | FrameHeader.EXT, body));

      assertThat(peer.readFrame()).isEqualTo("HELLO_ACK 0 0");
      assertThat(peer.readMessage().payload()).isEqualTo(sealed(HI));
    }
  }

  @Test
  void refusesAWrongChecksum() throws IOException {
    byte[] body = sealed(HI);
    for (int bit = 0; bit < 8 * body.length; bit++) {
      byte[] damaged = body.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      assertRefused(
          BEGIN + call(1, FrameHeader.CRC, damaged),
          "WEIR-7011: The checksum of a MSG on stream 1 is wrong.");
    }
    assertThat(ends.serverContext.counters().damagedFrames()).isEqualTo(8L * body.length);
    assertThat(ends.serverContext.counters().peerFaults()).isEqualTo(8L * body.length);
  }

  @Test
  void refusesAChecksumThatIsCut() throws IOException {
    for (int bytes = 0; bytes < 4; bytes++) {
      assertRefused(BEGIN + call(1, FrameHeader.CRC, new byte[bytes]), "WEIR-7002: A frame holds");
    }
  }

  @Test
  void takesACompressedBody() throws IOException {
    byte[] plain = "abc ".repeat(1_000).getBytes(StandardCharsets.UTF_8);
    try (RawPeer peer = new RawPeer(ends.address())) {
      peer.writeHex(BEGIN + call(1, FrameHeader.ZSTD, packed(plain.length, plain)));

      assertThat(peer.readFrame()).isEqualTo("HELLO_ACK 0 0");
      RawPeer.Frame reply = peer.readMessage();
      assertThat(reply.flags() & FrameHeader.AGREED).isEqualTo(FrameHeader.AGREED);
      assertThat(reply.payload()).hasSizeLessThan(100);
    }
  }

  @Test
  void refusesAnnouncementsThatNoFrameHolds() throws IOException {
    byte[] plain = new byte[1_000];
    String announced = "A compressed body of ";
    assertRefused(BEGIN + zstd(packed(0, plain)), announced);
    assertRefused(BEGIN + zstd(packed(10, plain)), announced);
    assertRefused(BEGIN + zstd(packed(-1, plain)), announced);
    assertRefused(BEGIN + zstd(packed((1 << 20) + 1, plain)), announced);
    assertRefused(BEGIN + zstd(new byte[4]), announced);
    assertRefused(BEGIN + zstd(new byte[0]), announced);
    assertRefused(BEGIN + zstd(packed(1 << 17, plain)), "WEIR-7004: A frame of 131088 bytes came");
  }

  /// 64 MiB in a few kilobytes, announced as 60,000 bytes; less than announced; and no zstd at all.
  @Test
  void endsTheStreamWhoseBodyIsNotWhatItAnnounces() throws IOException {
    assertStreamEnds(packed(60_000, new byte[64 << 20]));
    assertStreamEnds(packed(60_000, new byte[59_999]));
    assertStreamEnds(join(new byte[] {0, 0, 0x7f, 0}, HI));
    assertThat(ends.serverContext.counters().damagedFrames()).isEqualTo(3);
    assertThat(ends.serverContext.counters().peerFaults()).isZero();
  }

  private void assertStreamEnds(byte[] body) throws IOException {
    try (RawPeer peer = new RawPeer(ends.address())) {
      peer.writeHex(
          BEGIN
              + zstd(body)
              + OPEN_ECHO.replace("00000001", "00000003")
              + call(7, 0, HI).replace("00000001", "00000003"));

      assertThat(peer.readFrame()).isEqualTo("HELLO_ACK 0 0");
      assertThat(peer.readFrame()).startsWith("RESET 1 0 WEIR-7002: A compressed body does not");
      assertThat(peer.readMessage().payload()).isEqualTo(sealed(HI));
    }
  }

  /// A body costs credit for what it makes its receiver hold: nobody is buried by small ones.
  @Test
  void makesSmallBodiesPayForWhatTheyBecome() throws IOException {
    ends.close();
    start(WireLimits.STANDARD.withWindows(new ByteSize(128 << 10), new ByteSize(1 << 20)));
    ends.serve(
        "echo",
        stream -> {
          stream.consumeByHand();
          return new Recorder();
        });

    String bomb = zstd(packed(60_000, new byte[60_000]));

    assertThat(bomb.length()).isLessThan(200);
    assertRefused(BEGIN + bomb.repeat(3), "WEIR-6002: Stream 1 sent 180");
  }

  @Test
  void boundsMessagesInPartsByWhatTheyBecome() throws IOException {
    byte[] total = HexFormat.of().parseHex("000a" + "0004" + "0000000000010000");
    byte[] part = packed(60_000, new byte[60_000]);

    assertRefused(
        BEGIN
            + call(1, FrameHeader.ZSTD | FrameHeader.EXT | FrameHeader.MORE, join(total, part))
            + call(1, FrameHeader.ZSTD | FrameHeader.MORE, part),
        "WEIR-7010: Part of message 1 does not continue 1, at byte 120000 of 65536.");
  }

  private static String zstd(byte[] body) {
    return call(1, FrameHeader.ZSTD, body);
  }

  private void assertRefused(String hex, String detail) throws IOException {
    try (RawPeer peer = new RawPeer(ends.address())) {
      peer.writeHex(hex);

      String frame = peer.readFrame();
      while (!frame.startsWith("GOAWAY")) {
        frame = peer.readFrame();
      }
      assertThat(frame).contains(detail);
      assertThat(peer.isClosed()).isTrue();
    }
  }
}
