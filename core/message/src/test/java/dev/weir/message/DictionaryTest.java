package dev.weir.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.testkit.Seeds;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class DictionaryTest {
  private static final Dictionary DICTIONARY = SampleDictionaries.train(1);
  private static final Dictionary OTHER = SampleDictionaries.train(2);

  private static Batch batch(Encoding encoding) {
    BatchBuilder builder = new BatchBuilder(64 << 10);
    builder.add(Message.of("a/b", SampleDictionaries.sample(7)));
    return builder.build(encoding, Bytes.EMPTY);
  }

  @Test
  void derivesItsIdFromItsContentAlone() {
    assertThat(DICTIONARY.id()).isGreaterThanOrEqualTo(Dictionary.MIN_ID).isNotEqualTo(OTHER.id());
    assertThat(Dictionary.of(DICTIONARY.bytes())).isEqualTo(DICTIONARY);
    assertThat(Dictionary.trained(DICTIONARY.bytes().toArray()).id()).isEqualTo(DICTIONARY.id());
  }

  @Test
  void refusesWhatIsNoDictionary() {
    byte[] otherId = DICTIONARY.bytes().toArray();
    otherId[4]++;
    byte[] otherContent = DICTIONARY.bytes().toArray();
    otherContent[otherContent.length - 1]++;
    byte[] brokenTables = DICTIONARY.bytes().toArray();
    java.util.Arrays.fill(brokenTables, 8, 120, (byte) 0xff);

    assertRefused(ErrorCode.MALFORMED, () -> Dictionary.of(Bytes.EMPTY));
    assertRefused(ErrorCode.MALFORMED, () -> Dictionary.of(Bytes.wrap(new byte[1000])));
    assertRefused(ErrorCode.MALFORMED, () -> Dictionary.of(Bytes.wrap(otherId)));
    assertRefused(ErrorCode.MALFORMED, () -> Dictionary.of(Bytes.wrap(otherContent)));
    assertRefused(ErrorCode.MALFORMED, () -> Dictionary.trained(brokenTables));
    assertRefused(
        ErrorCode.TOO_LARGE, () -> Dictionary.of(Bytes.wrap(new byte[Dictionary.MAX_BYTES + 1])));
  }

  @Test
  void compressesAndRestoresABatch() {
    Batch plain = batch(Encoding.plain(3));
    for (int level : new int[] {1, 3, 6, 9, 19}) {
      Batch batch = batch(Encoding.with(DICTIONARY, level));

      assertThat(batch.dictionaryId()).isEqualTo(DICTIONARY.id());
      assertThat(batch.payload().length()).isLessThan(plain.payload().length());
      assertThat(BatchReader.read(batch)).isEqualTo(BatchReader.read(plain));
      assertThat(
              BatchScan.of(batch, BatchHeader.decode(batch.header()), new byte[64 << 10]).count(0))
          .isEqualTo(1);
    }
  }

  @Test
  void leavesTheDictionaryBehind() {
    Batch batch = batch(Encoding.with(DICTIONARY, 3));

    Batch alone = batch.withoutDictionary();

    assertThat(alone.dictionary()).isEmpty();
    assertThat(BatchReader.read(alone)).isEqualTo(BatchReader.read(batch));
    assertThat(alone.withoutDictionary()).isSameAs(alone);
  }

  @Test
  void noticesAnotherDictionary() {
    Batch batch = batch(Encoding.with(DICTIONARY, 3));

    assertRefused(ErrorCode.MALFORMED, () -> BatchReader.read(under(Optional.of(OTHER), batch)));
    assertRefused(ErrorCode.MALFORMED, () -> BatchReader.read(under(Optional.empty(), batch)));
    assertRefused(
        ErrorCode.MALFORMED,
        () -> BatchReader.read(under(Optional.of(DICTIONARY), batch(Encoding.plain(3)))));
  }

  private static Batch under(Optional<Dictionary> dictionary, Batch batch) {
    return new Batch(
        Codec.ZSTD, dictionary, batch.count(), batch.rawLength(), batch.header(), batch.payload());
  }

  @Test
  void keepsTheLimitsWithADictionary() {
    byte[] zeroes = new byte[8 << 20];
    Bytes packed = Compression.zstd(zeroes, zeroes.length, Encoding.with(DICTIONARY, 1));
    Batch honest = claiming(packed, zeroes.length);
    Batch bomb = claiming(packed.slice(0, 500), zeroes.length);

    assertThat(packed.length()).isGreaterThanOrEqualTo(zeroes.length / Compression.MAX_RATIO);
    assertThat(Compression.restore(honest).length()).isEqualTo(zeroes.length);
    assertRefused(ErrorCode.DECOMPRESSION_REFUSED, () -> Compression.restore(bomb));
    assertRefused(ErrorCode.MALFORMED, () -> Compression.restore(claiming(packed, 100)));
  }

  private static Batch claiming(Bytes packed, int rawLength) {
    return new Batch(Codec.ZSTD, Optional.of(DICTIONARY), 1, rawLength, Bytes.EMPTY, packed);
  }

  @Test
  void survivesDamagedFrames() {
    RandomGenerator random = Seeds.random("damage");
    Bytes good = batch(Encoding.with(DICTIONARY, 3)).payload();
    for (int i = 0; i < 2_000; i++) {
      byte[] damaged = good.toArray();
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 + random.nextInt(255));
      int length = random.nextInt(8) == 0 ? random.nextInt(damaged.length) : damaged.length;
      Batch batch = claiming(Bytes.wrap(damaged, 0, length), 1 + random.nextInt(1 << 16));
      try {
        assertThat(Compression.restore(batch).length()).isEqualTo(batch.rawLength());
      } catch (WeirException e) {
        assertThat(e.code()).isIn(ErrorCode.MALFORMED, ErrorCode.DECOMPRESSION_REFUSED);
      }
    }
  }

  @Test
  void survivesDamagedDictionaries() {
    RandomGenerator random = Seeds.random("tables");
    for (int i = 0; i < 200; i++) {
      byte[] damaged = DICTIONARY.bytes().toArray();
      for (int j = 0; j < 8; j++) {
        damaged[8 + random.nextInt(200)] = (byte) random.nextInt();
      }
      try {
        Dictionary hostile = Dictionary.trained(damaged);
        Batch batch = batch(Encoding.plain(3));
        Bytes raw = Compression.restore(batch);
        Bytes packed = Compression.zstd(raw.toArray(), raw.length(), Encoding.with(hostile, 3));
        assertThat(
                Compression.restore(
                    new Batch(
                        Codec.ZSTD, Optional.of(hostile), 1, raw.length(), Bytes.EMPTY, packed)))
            .isEqualTo(raw);
      } catch (WeirException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED);
      }
    }
  }

  @Test
  void learnsNothingFromTooLittle() {
    assertThat(DictionaryTrainer.train(List.of(), 4 << 10, 3)).isEmpty();
    assertThat(DictionaryTrainer.train(Collections.nCopies(7, Bytes.utf8("x")), 4 << 10, 3))
        .isEmpty();
    assertThat(DictionaryTrainer.train(Collections.nCopies(9, Bytes.EMPTY), 4 << 10, 3)).isEmpty();
  }

  @Test
  void saysWhichDictionaryIsMissing() {
    assertThat(DictionaryLookup.NONE.require(0)).isEmpty();
    assertRefused(ErrorCode.UNKNOWN_DICTIONARY, () -> DictionaryLookup.NONE.require(40_000));
  }

  private static void assertRefused(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(WeirException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
