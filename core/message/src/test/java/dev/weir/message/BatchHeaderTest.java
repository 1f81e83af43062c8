package dev.weir.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class BatchHeaderTest {
  private static final BatchHeader HEADER =
      new BatchHeader(
          List.of("a/b", "ü"),
          Optional.of(new BatchSource("edge", 0x0102030405060708L)),
          Bytes.wrap(new byte[] {9, 8}),
          Map.of(7, Bytes.utf8("id"), 2, Bytes.utf8("x")),
          0x04030201);

  private static final byte[] ENCODED = {
    1,
    11,
    0,
    0, // TOPICS, 11 bytes
    2,
    0, // two topics
    3,
    0,
    'a',
    '/',
    'b', //
    2,
    0,
    (byte) 0xc3,
    (byte) 0xbc, //
    2,
    12,
    0,
    0, // SOURCE, 12 bytes
    8,
    7,
    6,
    5,
    4,
    3,
    2,
    1, // incarnation
    'e',
    'd',
    'g',
    'e', // agent
    3,
    2,
    0,
    0, // ORIGIN, 2 bytes
    9,
    8, //
    4,
    17,
    0,
    0, // IDS, 17 bytes
    2,
    0,
    0,
    0, // two ids
    2,
    0,
    0,
    0,
    1,
    'x', // of message 2
    7,
    0,
    0,
    0,
    2,
    'i',
    'd', // of message 7
    5,
    4,
    0,
    0, // SENT, 4 bytes
    1,
    2,
    3,
    4 // crc32c
  };

  @Test
  void writesTheBytesOfItsPicture() {
    assertThat(HEADER.encode().toArray()).isEqualTo(ENCODED);
  }

  @Test
  void readsTheBytesOfItsPicture() {
    assertThat(BatchHeader.decode(Bytes.wrap(ENCODED))).isEqualTo(HEADER);
  }

  @Test
  void passesOverAFieldOfALaterVersion() {
    byte[] later = new byte[ENCODED.length + 6];
    later[0] = 99;
    later[1] = 2;
    System.arraycopy(ENCODED, 0, later, 6, ENCODED.length);

    assertThat(BatchHeader.decode(Bytes.wrap(later))).isEqualTo(HEADER);
  }

  @Test
  void refusesTruncationAtEveryByteOrReadsOnlyWholeFields() {
    List<Integer> ends = List.of(0, 15, 31, 37, 58);

    for (int length = 0; length < ENCODED.length; length++) {
      Bytes cut = Bytes.wrap(ENCODED, 0, length);
      if (ends.contains(length)) {
        assertThat(BatchHeader.decode(cut)).isNotEqualTo(HEADER);
      } else {
        assertCode(ErrorCode.MALFORMED, cut);
      }
    }
  }

  @Test
  void letsTheFirstSourceWin() {
    BatchSource first = new BatchSource("hub", 1);

    Bytes joined = BatchHeader.withSource(first, HEADER.encode());

    assertThat(BatchHeader.decode(joined).source()).contains(first);
    assertThat(BatchHeader.decode(joined).topics()).isEqualTo(HEADER.topics());
  }

  @Test
  void refusesMoreTopicsThanTheLimitEvenInPieces() {
    List<String> many = new ArrayList<>(Collections.nCopies(200, "a"));
    byte[] piece = BatchHeader.of(many).encode().toArray();
    byte[] twice = new byte[2 * piece.length];
    System.arraycopy(piece, 0, twice, 0, piece.length);
    System.arraycopy(piece, 0, twice, piece.length, piece.length);

    assertCode(ErrorCode.TOO_LARGE, Bytes.wrap(twice));
    assertThat(BatchHeader.decode(Bytes.wrap(piece)).topics()).hasSize(200);
  }

  @Test
  void refusesBadContentsWithTheirOwnCodes() {
    byte[] wildcard = ENCODED.clone();
    wildcard[10] = '#';
    byte[] noUtf8 = ENCODED.clone();
    noUtf8[13] = (byte) 0xff;
    byte[] noIncarnation = ENCODED.clone();
    Arrays.fill(noIncarnation, 19, 27, (byte) 0);
    byte[] hugeIndex = ENCODED.clone();
    hugeIndex[47] = 1;

    assertCode(ErrorCode.INVALID_TOPIC, Bytes.wrap(wildcard));
    assertCode(ErrorCode.INVALID_TOPIC, Bytes.wrap(noUtf8));
    assertCode(ErrorCode.MALFORMED, Bytes.wrap(noIncarnation));
    assertCode(ErrorCode.MALFORMED, Bytes.wrap(hugeIndex));
    assertCode(ErrorCode.TOO_LARGE, Bytes.wrap(new byte[BatchHeader.MAX_BYTES + 1]));
  }

  private static void assertCode(ErrorCode code, Bytes encoded) {
    assertThatThrownBy(() -> BatchHeader.decode(encoded))
        .isInstanceOfSatisfying(WeirException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void keepsIdsByIndexHoweverTheyCome() {
    Map<Integer, Bytes> ids = new HashMap<>();
    for (int i = 300; i > 0; i--) {
      ids.put(i * 13 % 301, Bytes.utf8("id" + i));
    }

    BatchHeader header = new BatchHeader(List.of("a"), Optional.empty(), Bytes.EMPTY, ids);
    BatchHeader read = BatchHeader.decode(header.encode());

    assertThat(read).isEqualTo(header);
    assertThat(read.ids()).isEqualTo(ids).hasSameHashCodeAs(ids);
    assertThat(List.copyOf(read.ids().keySet())).isSorted().hasSize(300).doesNotContain(0, 301);
    assertThat(read.ids().get(7)).isNotNull().isEqualTo(ids.get(7));
    assertThat(read.ids().get(0)).isNull();
    assertThatThrownBy(() -> read.ids().put(1, Bytes.EMPTY))
        .isInstanceOf(UnsupportedOperationException.class);
  }
}
