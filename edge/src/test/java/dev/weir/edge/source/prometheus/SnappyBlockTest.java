package dev.weir.edge.source.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.testkit.Seeds;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class SnappyBlockTest {
  private static final int MAX_BYTES = 100_000;

  @Test
  void readsLiteralsAndCopies() {
    // Length 14; a literal of 4; a copy of 10 from 4 back (tag 01: length 4 to 11, 11-bit offset).
    Bytes block = Bytes.wrap(new byte[] {14, 0x0c, 'a', 'b', 'c', 'd', 0x19, 4});

    assertThat(SnappyBlock.decode(block, MAX_BYTES).utf8()).isEqualTo("abcdabcdabcdab");
  }

  @Test
  void readsWhatAnEncoderWrites() {
    for (String text : new String[] {"", "x", "ab".repeat(40_000), "größe ".repeat(99)}) {
      Bytes plain = Bytes.utf8(text);
      assertThat(SnappyBlock.decode(WriteRequests.snappy(plain), MAX_BYTES)).isEqualTo(plain);
    }
  }

  @Test
  void refusesClaimsBeforeItAllocates() {
    // 2 GiB - 1, of six bytes.
    assertRefused(ErrorCode.TOO_LARGE, new byte[] {-1, -1, -1, -1, 7, 0});
    // 90,000 bytes, of six.
    assertRefused(
        ErrorCode.DECOMPRESSION_REFUSED, new byte[] {(byte) 0x90, (byte) 0xbf, 5, 0, 0, 0});
    assertRefused(ErrorCode.MALFORMED, new byte[0]);
    assertRefused(ErrorCode.MALFORMED, new byte[] {-1, -1, -1, -1, -1, 1});
  }

  @Test
  void refusesCopiesFromBeforeTheBeginningAndWrongLengths() {
    assertRefused(ErrorCode.MALFORMED, new byte[] {14, 0x0c, 'a', 'b', 'c', 'd', 0x19, 5});
    assertRefused(ErrorCode.MALFORMED, new byte[] {15, 0x0c, 'a', 'b', 'c', 'd', 0x19, 4});
    assertRefused(ErrorCode.MALFORMED, new byte[] {13, 0x0c, 'a', 'b', 'c', 'd', 0x19, 4});
    assertRefused(ErrorCode.MALFORMED, new byte[] {4, 0x0c, 'a', 'b'});
  }

  @Test
  void refusesEveryTruncationAndSurvivesEveryByte() {
    byte[] block = WriteRequests.snappy(Bytes.utf8("the same the same the same, größe")).toArray();
    for (int length = 0; length < block.length; length++) {
      Bytes cut = Bytes.wrap(block, 0, length);
      assertThatThrownBy(() -> SnappyBlock.decode(cut, MAX_BYTES))
          .isInstanceOf(WeirException.class);
    }
    RandomGenerator random = Seeds.random("snappy");
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = block.clone();
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      try {
        SnappyBlock.decode(Bytes.wrap(bytes), MAX_BYTES);
      } catch (WeirException e) {
        assertThat(e.code())
            .isIn(
                Set.of(ErrorCode.MALFORMED, ErrorCode.TOO_LARGE, ErrorCode.DECOMPRESSION_REFUSED));
      }
    }
  }

  private static void assertRefused(ErrorCode code, byte[] block) {
    assertThatThrownBy(() -> SnappyBlock.decode(Bytes.wrap(block), MAX_BYTES))
        .isInstanceOfSatisfying(WeirException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
