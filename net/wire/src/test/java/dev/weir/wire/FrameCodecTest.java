package dev.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FrameCodecTest {
  /// A message with every field of the extension block that is written, and one of a later version.
  private static final String GOLDEN =
      """
      00000046  len 70: EXT 66, body 4
      12        MSG
      a6        MORE, EXT, ONEWAY, normal
      0800      connection credit 2 MiB
      00000003  sid 3
      00000007  mid 7
      0040      extLen 64
      00ff      DEADLINE ROUTE TOTAL SLIMIT TRACE STATUS META and bit 7
      000f4240  DEADLINE 1 s
      0102030405060708  ROUTE
      0000000000100000  TOTAL 1 MiB
      00001000  SLIMIT 1 MiB
      000102030405060708090a0b0c0d0e0f1011121314151617ff  TRACE
      010e      STATUS unavailable, retryable
      0007      META 7 bytes
      0001016b000176  k = v
      aabb      of a later version
      64617461  data
      """;

  private final List<String> seen = new ArrayList<>();

  @Test
  void writesTheHeaderAsItIsPictured() {
    ByteBuf out = Unpooled.buffer();

    FrameHeader.write(out, 0x01020304, FrameType.RESP, 0xc1, 0x12345, 0x0a0b0c0d, 0xf1f2f3f4);

    assertThat(ByteBufUtil.hexDump(out)).isEqualTo("0102030413c123450a0b0c0df1f2f3f4");
  }

  @Test
  void readsEveryFieldOfTheExtensionBlock() {
    FrameView view = view(golden());

    assertThat(view.type()).isEqualTo(FrameType.MSG);
    assertThat(view.sid()).isEqualTo(3);
    assertThat(view.mid()).isEqualTo(7);
    assertThat(view.hasMore()).isTrue();
    assertThat(view.isEnd()).isFalse();
    assertThat(view.isOneWay()).isTrue();
    assertThat(Priority.of(view.flags())).isEqualTo(Priority.NORMAL);
    assertThat(CreditCode.limitOf(view.climit(), 0)).isEqualTo(2 << 20);
    assertThat(view.deadlineMicros()).isEqualTo(1_000_000);
    assertThat(view.route()).isEqualTo(0x0102030405060708L);
    assertThat(view.total()).isEqualTo(1 << 20);
    assertThat(CreditCode.streamLimitOf(view.slimit(), 0)).isEqualTo(1 << 20);
    assertThat(WireStatus.ofBits(view.statusBits(), ""))
        .isEqualTo(new WireStatus(StatusCode.UNAVAILABLE, true, false, ""));
    assertThat(view.metadata()).isEqualTo(Metadata.of("k", "v"));
    assertThat(view.bodyBytes()).isEqualTo(4);
    assertThat(view.buffer().toString(view.bodyIndex(), 4, java.nio.charset.StandardCharsets.UTF_8))
        .isEqualTo("data");
  }

  @Test
  void writesTheExtensionBlockThatItReads() {
    ByteBuf out = Unpooled.buffer();
    WireStatus status = new WireStatus(StatusCode.ABORTED, true, true, "");
    ExtFields ext =
        new ExtFields()
            .deadlineMicros(5)
            .route(-1)
            .total(1L << 40)
            .status(status)
            .metadata(Metadata.of("name", "value").and("name", "again"));
    FrameHeader.write(out, ext.encodedBytes(), FrameType.MSG, FrameHeader.EXT, 0, 1, 1);
    ext.write(out);

    FrameView view = view(out);

    assertThat(out.readableBytes()).isEqualTo(view.frameBytes());
    assertThat(view.deadlineMicros()).isEqualTo(5);
    assertThat(view.route()).isEqualTo(-1);
    assertThat(view.total()).isEqualTo(1L << 40);
    assertThat(view.statusBits()).isEqualTo(status.bits());
    assertThat(view.metadata().entries()).hasSize(2);
    assertThat(view.bodyBytes()).isZero();
  }

  @Test
  void refusesAnExtensionBlockCutAtEveryByte() {
    byte[] whole = ByteBufUtil.getBytes(golden());
    int needed = FrameHeader.BYTES + 64; // Up to META's end; what follows is of a later version.
    for (int bytes = FrameHeader.BYTES; bytes < needed; bytes++) {
      ByteBuf cut = Unpooled.copiedBuffer(whole, 0, bytes).setInt(0, bytes - FrameHeader.BYTES);

      assertThatThrownBy(() -> view(cut).metadata())
          .isInstanceOfSatisfying(
              WeirException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED));
    }
  }

  @Test
  void findsFramesHoweverTheirBytesArrive() {
    byte[] frames = threeFrames();
    for (int first = 0; first <= frames.length; first++) {
      for (int second = first; second <= frames.length; second += 5) {
        seen.clear();
        FrameReader reader = reader();

        feed(reader, frames, 0, first);
        feed(reader, frames, first, second);
        feed(reader, frames, second, frames.length);

        assertThat(seen).containsExactly("1:", "2:hello", "3:" + "x".repeat(20));
        reader.stop();
      }
    }
  }

  @Test
  void findsNothingInACutFrame() {
    byte[] frames = threeFrames();
    int last = frames.length - FrameHeader.BYTES - 20;
    for (int end = last; end < frames.length; end++) {
      seen.clear();
      FrameReader reader = reader();

      feed(reader, frames, 0, end);

      assertThat(seen).hasSize(2);
      reader.stop();
    }
  }

  @Test
  void refusesAFrameBeyondTheLimitByItsHeader() {
    ByteBuf frame = Unpooled.buffer();
    FrameHeader.write(frame, 65, FrameType.MSG, 0, 0, 1, 1);

    assertThatThrownBy(() -> reader().read(frame))
        .isInstanceOf(WeirException.class)
        .hasMessageContaining("A frame of 65 bytes came, expected 64 at most");
  }

  @Test
  void readsALengthBeyondTwoGigabytesAsUnsigned() {
    ByteBuf frame = Unpooled.buffer();
    FrameHeader.write(frame, -1, FrameType.MSG, 0, 0, 1, 1);

    assertThatThrownBy(() -> reader().read(frame)).hasMessageContaining("4294967295");
  }

  @Test
  void knowsTypesByTheirCode() {
    assertThat(FrameType.of(0x12)).isEqualTo(FrameType.MSG);
    assertThat(FrameType.of(0x7f)).isEqualTo(FrameType.UNKNOWN);
    assertThat(FrameType.of(0xff)).isEqualTo(FrameType.SKIPPABLE);
    for (FrameType type : FrameType.values()) {
      if (type.code() >= 0) {
        assertThat(FrameType.of(type.code())).isEqualTo(type);
      }
    }
  }

  private static byte[] threeFrames() {
    ByteBuf out = Unpooled.buffer();
    for (String body : List.of("", "hello", "x".repeat(20))) {
      int sid = body.isEmpty() ? 1 : body.length() == 5 ? 2 : 3;
      FrameHeader.write(out, body.length(), FrameType.MSG, 0, 0, sid, 1);
      out.writeCharSequence(body, java.nio.charset.StandardCharsets.UTF_8);
    }
    return ByteBufUtil.getBytes(out);
  }

  private FrameReader reader() {
    return new FrameReader(
        UnpooledByteBufAllocator.DEFAULT,
        64,
        frame ->
            seen.add(
                frame.sid()
                    + ":"
                    + frame
                        .buffer()
                        .toString(
                            frame.bodyIndex(),
                            frame.bodyBytes(),
                            java.nio.charset.StandardCharsets.UTF_8)));
  }

  private static void feed(FrameReader reader, byte[] bytes, int from, int to) {
    ByteBuf in = Unpooled.copiedBuffer(bytes, from, to - from);
    reader.read(in);
    in.release();
  }

  static FrameView view(ByteBuf frame) {
    FrameView view = new FrameView(Unpooled.EMPTY_BUFFER);
    view.set(frame, 0, frame.getLong(0));
    return view;
  }

  private static ByteBuf golden() {
    StringBuilder hex = new StringBuilder();
    GOLDEN.lines().forEach(line -> hex.append(line.strip().split(" ", 2)[0]));
    return Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex));
  }
}
