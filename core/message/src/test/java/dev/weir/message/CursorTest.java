package dev.weir.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CursorTest {
  private static final Cursor CURSOR =
      new Cursor(List.of(new Position("main", 0, 42), new Position("ü", 65_535, Long.MAX_VALUE)));

  @Test
  void writesTheBytesOfItsPicture() {
    byte[] expected = {
      1, // version
      1, // one position
      4,
      'm',
      'a',
      'i',
      'n', // stream
      1,
      2, // partition
      0,
      0,
      0,
      0,
      0,
      0,
      3,
      4 // offset
    };

    byte[] written = decode(Cursor.of(new Position("main", 0x102, 0x304)).token());

    assertThat(Arrays.copyOf(written, written.length - 4)).isEqualTo(expected);
  }

  @Test
  void readsWhatItWrote() {
    assertThat(Cursor.parse(CURSOR.token())).isEqualTo(CURSOR);
    assertThat(CURSOR).hasToString(CURSOR.token());
    assertThat(CURSOR.token()).matches("w1[A-Za-z0-9_-]+");
  }

  @Test
  void carriesTheLargestSetOfTheLongestNames() {
    List<Position> positions = new ArrayList<>();
    IntStream.range(0, 255).forEach(i -> positions.add(new Position("s".repeat(255), i, i)));
    Cursor largest = new Cursor(positions);

    assertThat(Cursor.parse(largest.token())).isEqualTo(largest);
  }

  @Test
  void refusesEveryTruncation() {
    String token = CURSOR.token();

    for (int length = 0; length < token.length(); length++) {
      assertInvalid(token.substring(0, length));
    }
  }

  @Test
  void refusesEveryBitFlip() {
    byte[] bytes = decode(CURSOR.token());

    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] flipped = bytes.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      assertInvalid("w1" + Base64.getUrlEncoder().withoutPadding().encodeToString(flipped));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "w", "w1", "w1!", "w2AQ", "w1AQ==", "latest", "w1ü"})
  void refusesWhatIsNoToken(String token) {
    assertInvalid(token);
  }

  @Test
  void neitherDecodesNorRepeatsAnEndlessToken() {
    assertThatThrownBy(() -> Cursor.parse("w1" + "A".repeat(10_000_000)))
        .isInstanceOfSatisfying(
            WeirException.class, e -> assertThat(e.getMessage()).hasSizeLessThan(200));
  }

  @Test
  void tellsAPlaceFromNone() {
    assertThat(Position.UNKNOWN.isKnown()).isFalse();
    assertThat(new Position("main", 0, 0).isKnown()).isTrue();
  }

  @Test
  void boundsItsPositions() {
    assertThatThrownBy(() -> new Cursor(List.of())).hasMessageContaining("expected 1 to 255");
    assertThatThrownBy(() -> new Position("", 0, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Position("漢".repeat(86), 0, 0)).hasMessageContaining("258");
    assertThatThrownBy(() -> new Position("main", 65_536, 0)).hasMessageContaining("65536");
    assertThatThrownBy(() -> new Position("main", 0, -1)).hasMessageContaining("-1");
  }

  private static byte[] decode(String token) {
    return Base64.getUrlDecoder().decode(token.substring(2));
  }

  private static void assertInvalid(String token) {
    assertThatThrownBy(() -> Cursor.parse(token))
        .as(token)
        .isInstanceOfSatisfying(
            WeirException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CURSOR));
  }
}
