package dev.weir.bench.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The data that the bench ships: the same for a seed, told apart by number, and as compressible as
/// it is said to be.
final class DataPoolTest {
  private static final ByteSize SIZE = ByteSize.ofMebibytes(4);

  @ParameterizedTest
  @EnumSource(DataSet.class)
  void givesTheSameBodiesForASeedAndOthersForAnother(DataSet set) {
    DataPool pool = new DataPool(set, 7, SIZE);

    assertThat(new DataPool(set, 7, SIZE).body(11)).isEqualTo(pool.body(11));
    assertThat(new DataPool(set, 8, SIZE).body(11)).isNotEqualTo(pool.body(11));
  }

  @ParameterizedTest
  @EnumSource(DataSet.class)
  void tellsEveryMessageByItsBody(DataSet set) {
    DataPool pool = new DataPool(set, 7, SIZE);

    for (long number : new long[] {0, 1, 300, 100_000, 1L << 40}) {
      Bytes body = Bytes.wrap(pool.body(number));
      assertThat(pool.number(body)).isEqualTo(number);
      assertThat(pool.isBody(number, body)).isTrue();
      assertThat(pool.isBody(number + 1, body)).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource(DataSet.class)
  void seesOneWrongByte(DataSet set) {
    DataPool pool = new DataPool(set, 7, SIZE);
    byte[] body = pool.body(5);
    body[body.length - 1] = (byte) ~body[body.length - 1];

    assertThat(pool.isBody(5, Bytes.wrap(body))).isFalse();
    assertThat(pool.number(Bytes.utf8("x"))).isEqualTo(-1);
  }

  @Test
  void compressesAsSaid() {
    assertThat(ratio(DataSet.SEED_MIX)).isBetween(1.75, 1.98);
    assertThat(ratio(DataSet.ENTROPIC)).isBetween(1.3, 1.8);
    assertThat(ratio(DataSet.LABELS)).isBetween(4.0, 9.0);
    assertThat(ratio(DataSet.LOGS)).isBetween(3.0, 6.0);
    assertThat(ratio(DataSet.JSON)).isBetween(3.0, 6.0);
  }

  @Test
  void hasMessagesOfThePublishedSize() {
    assertThat(new DataPool(DataSet.SEED_MIX, 7, ByteSize.ofMebibytes(16)).meanBytes())
        .isBetween(15_000.0, 18_500.0);
  }

  @Test
  void refusesASetThatItDoesNotKnow() {
    assertThat(DataSet.parse("seed-mix")).isEqualTo(DataSet.SEED_MIX);
    assertThatThrownBy(() -> DataSet.parse("noise"))
        .hasMessage(
            "'noise' is no data set, expected one of seed-mix, labels, logs, json, entropic");
  }

  private static double ratio(DataSet set) {
    return new DataPool(set, 7, SIZE).plainZstdRatio(200);
  }
}
