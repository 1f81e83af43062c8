package dev.weir.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Seeds;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class FrameCodecTest {
  private static final UUID LOG = new UUID(0x1122334455667788L, 0x99AABBCCDDEEFF00L);
  private static final FrameHeader HEADER =
      new FrameHeader(
          0x0102,
          0xA1B2C3D4,
          FrameType.DATA,
          3,
          0xBEEF,
          512,
          0x1020304050607080L,
          7,
          9,
          0x0A0B0C0DL,
          1_767_225_600_000_000L,
          40_000,
          0x1234,
          0x22);

  private final FrameCodec codec = new FrameCodec(LOG, 5);

  private static byte[] encoded(FrameCodec codec, FrameHeader header, long position) {
    ByteBuffer target = ByteBuffer.allocate(Layout.FRAME_HEADER_BYTES);
    codec.encode(header, position, target);
    return target.array();
  }

  @Test
  void laysOutEveryField() {
    byte[] bytes = encoded(codec, HEADER, 4096);

    assertThat(HexFormat.of().formatHex(bytes, 0, 60))
        .isEqualTo(
            "02010000" // body bytes
                + "d4c3b2a1" // body crc
                + "01" // type DATA
                + "03" // codec
                + "efbe" // flags
                + "00020000" // group back
                + "8070605040302010" // base offset
                + "07000000" // count
                + "09000000" // lane
                + "0d0c0b0a00000000" // lane sequence
                + "0040204648470600" // timestamp
                + "409c0000" // dictionary
                + "34120000" // raw length
                + "22000000"); // header bytes
    assertThat(codec.decode(bytes, 0, 4096)).isEqualTo(HEADER);
  }

  @Test
  void takesNoHeaderOfAnotherPlaceSegmentOrLog() {
    byte[] bytes = encoded(codec, HEADER, 4096);

    assertThat(codec.decode(bytes, 0, 4104)).isNull();
    assertThat(new FrameCodec(LOG, 6).decode(bytes, 0, 4096)).isNull();
    assertThat(new FrameCodec(new UUID(1, 2), 5).decode(bytes, 0, 4096)).isNull();
  }

  @Test
  void noticesEveryFlippedBit() {
    for (int bit = 0; bit < Layout.FRAME_HEADER_BYTES * 8; bit++) {
      byte[] bytes = encoded(codec, HEADER, 4096);
      bytes[bit / 8] ^= (byte) (1 << (bit % 8));

      assertThat(codec.decode(bytes, 0, 4096)).as("bit %d", bit).isNull();
    }
  }

  @Test
  void takesNothingFromRandomBytes() {
    RandomGenerator random = Seeds.random("frame codec");
    byte[] bytes = new byte[1 << 16];
    random.nextBytes(bytes);
    for (int at = 0; at + Layout.FRAME_HEADER_BYTES <= bytes.length; at++) {
      assertThat(codec.decode(bytes, at, at)).isNull();
    }
  }
}
