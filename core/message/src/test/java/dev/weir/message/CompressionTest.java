package dev.weir.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.testkit.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CompressionTest {
  /// A zstd frame header that claims 2 GB (RFC 8878 §3.1.1.1), and an empty last block.
  private static final byte[] BOMB = {
    0x28,
    (byte) 0xB5,
    0x2F,
    (byte) 0xFD, // magic
    (byte) 0xE0, // 8-byte content size, single segment
    0,
    0,
    0,
    (byte) 0x80,
    0,
    0,
    0,
    0, // 2^31
    1,
    0,
    0 // last, raw, 0 bytes
  };

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 9, 1000, 65_536, 1 << 20})
  void restoresWhatItCompressed(int length) {
    byte[] raw = new byte[length];
    Seeds.random("CompressionTest", length).nextBytes(raw);
    Arrays.fill(raw, length / 2, length, (byte) 7);

    Bytes packed = Compression.zstd(raw, length, 3);

    assertThat(Compression.restore(Codec.ZSTD, packed, length)).isEqualTo(Bytes.wrap(raw));
    assertThat(Compression.restoreSelfSized(packed)).isEqualTo(Bytes.wrap(raw));
  }

  @Test
  void keepsNoMoreMemoryAliveThanItsLengthSays() {
    byte[] raw = "a line like the one before\n".repeat(10_000).getBytes(StandardCharsets.UTF_8);

    Bytes packed = Compression.zstd(raw, raw.length, 1);

    assertThat(packed.array().length).isBetween(packed.length(), packed.length() * 16 / 15);
  }

  @Test
  void neverMakesWhatAReceiverWouldTakeForABomb() {
    byte[] zeroes = new byte[Message.MAX_BODY_BYTES];

    Bytes packed = Compression.zstd(zeroes, zeroes.length, 1);

    assertThat(packed.length()).isBetween(16_777, 17_000);
    assertThat(Compression.restore(Codec.ZSTD, packed, zeroes.length))
        .isEqualTo(Bytes.wrap(zeroes));
    assertThat(Compression.restoreSelfSized(packed).length()).isEqualTo(zeroes.length);
  }

  @Test
  void acceptsAMebibyteOfZeroesFromAnyone() {
    byte[] packed = Zstd.compress(new byte[1 << 20]);

    assertThat(Compression.restoreSelfSized(Bytes.wrap(packed)).length()).isEqualTo(1 << 20);
  }

  @Test
  void refusesAFrameThatClaimsTwoGigabytesWithoutAllocatingThem() {
    assertRefused(() -> Compression.restoreSelfSized(Bytes.wrap(BOMB)), "2147483648 bytes");
    assertRefused(() -> Compression.restore(Codec.ZSTD, Bytes.wrap(BOMB), 1L << 31), "2147483648");
    assertRefused(() -> Compression.restore(Codec.NONE, Bytes.EMPTY, 1L << 40), "1099511627776");
    assertRefused(() -> Compression.restore(Codec.NONE, Bytes.EMPTY, -1), "18446744073709551615");
  }

  @Test
  void refusesARatioThatNoHonestDataHas() {
    Bytes packed = Bytes.wrap(Zstd.compress(new byte[8 << 20]));

    assertRefused(() -> Compression.restoreSelfSized(packed), "a ratio of 1000");
    assertRefused(() -> Compression.restore(Codec.ZSTD, packed, 8 << 20), "a ratio of 1000");
  }

  @Test
  void refusesAPayloadThatIsNotWhatItIsAnnouncedToBe() {
    byte[] raw =
        "a payload of some length, of some length".repeat(9).getBytes(StandardCharsets.UTF_8);
    Bytes packed = Compression.zstd(raw, raw.length, 3);

    assertMalformed(() -> Compression.restore(Codec.ZSTD, packed, raw.length - 1));
    assertMalformed(() -> Compression.restore(Codec.ZSTD, packed, raw.length + 1));
    assertMalformed(() -> Compression.restore(Codec.NONE, packed, raw.length));
    assertMalformed(() -> Compression.restore(Codec.ZSTD, Bytes.wrap(raw), raw.length));
    assertMalformed(() -> Compression.restoreSelfSized(Bytes.wrap(raw)));
    assertMalformed(() -> Compression.restoreSelfSized(Bytes.EMPTY));
    for (int length = 0; length < packed.length(); length++) {
      Bytes cut = packed.slice(0, length);
      assertMalformed(() -> Compression.restore(Codec.ZSTD, cut, raw.length));
      assertMalformed(() -> Compression.restoreSelfSized(cut));
    }
  }

  private static void assertRefused(ThrowingCallable call, String fragment) {
    assertThatThrownBy(call)
        .hasMessageContaining(fragment)
        .isInstanceOfSatisfying(
            WeirException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.DECOMPRESSION_REFUSED));
  }

  private static void assertMalformed(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            WeirException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED));
  }
}
