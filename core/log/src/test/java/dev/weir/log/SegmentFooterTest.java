package dev.weir.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Seeds;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class SegmentFooterTest {
  private static IndexBuilder builder() {
    IndexBuilder builder = new IndexBuilder(100);
    for (int i = 0; i < 10; i++) {
      builder.add(
          100 + 5 * i,
          5,
          4096 + i * 40_000L,
          1_000 + i,
          i == 7 ? List.of("a/b", "rare") : List.of("a/b"));
    }
    return builder;
  }

  private static SegmentFooter roundTrip(SegmentFooter footer) {
    SegmentFooter decoded = SegmentFooter.decode(footer.encode(17), 3);
    return Objects.requireNonNull(decoded);
  }

  @Test
  void keepsEverythingOverEncoding() {
    Hole hole = new Hole(3, 8192, 8200, 120, 125);
    SegmentFooter footer = roundTrip(builder().build(150, List.of(hole)));

    assertThat(footer.baseOffset).isEqualTo(100);
    assertThat(footer.endOffset).isEqualTo(150);
    assertThat(footer.frames).isEqualTo(10);
    assertThat(footer.firstMicros).isEqualTo(1_000);
    assertThat(footer.lastMicros).isEqualTo(1_009);
    assertThat(footer.holes()).containsExactly(hole);
    assertThat(footer.blocks()).isEqualTo(5);
  }

  @Test
  void findsBlocksByOffsetPositionAndTime() {
    SegmentFooter footer = roundTrip(builder().build(150, List.of()));

    assertThat(footer.blockOfOffset(99)).isEqualTo(-1);
    assertThat(footer.blockOfOffset(100)).isZero();
    assertThat(footer.blockOfOffset(109)).isZero();
    assertThat(footer.blockOfOffset(110)).isEqualTo(1);
    assertThat(footer.blockOfPosition(footer.blockPosition(2))).isEqualTo(2);
    assertThat(footer.blockBeforeTime(1_000)).isEqualTo(-1);
    assertThat(footer.blockBeforeTime(1_003)).isEqualTo(1);
  }

  @Test
  void marksTheBlocksOfATopic() {
    SegmentFooter footer = roundTrip(builder().build(150, List.of()));

    assertThat(footer.blocksWith("rare"::equals)).containsExactly(false, false, false, true, false);
    assertThat(footer.blocksWith("none"::equals)).containsOnly(false);
  }

  @Test
  void givesUpTheListOfTopicsWhenThereAreTooMany() {
    IndexBuilder builder = new IndexBuilder(0);
    for (int i = 0; i < 5_000; i++) {
      builder.add(i, 1, 4096 + i * 100L, i, List.of("topic/" + i));
    }

    assertThat(roundTrip(builder.build(5_000, List.of())).blocksWith("x"::equals)).isNull();
  }

  @Test
  void chainsOneSegmentToTheNext() {
    SegmentFooter footer = builder().build(150, List.of());

    assertThat(SegmentFooter.chain(footer.encode(1)))
        .isNotEqualTo(SegmentFooter.chain(footer.encode(2)));
  }

  @Test
  void survivesTruncationAndRandomBytes() {
    byte[] whole = builder().build(150, List.of()).encode(0);
    for (int length = 0; length < whole.length; length++) {
      SegmentFooter.decode(Arrays.copyOf(whole, length), 1);
    }
    RandomGenerator random = Seeds.random("footer");
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = whole.clone();
      for (int i = 0; i < 4; i++) {
        bytes[4 + random.nextInt(bytes.length - 4)] = (byte) random.nextInt();
      }
      SegmentFooter.decode(bytes, 1);
    }
  }
}
