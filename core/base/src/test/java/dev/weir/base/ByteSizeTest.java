package dev.weir.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class ByteSizeTest {
  @Test
  void readsBinaryAndDecimalUnits() {
    assertThat(ByteSize.parse("64KiB").bytes()).isEqualTo(65_536);
    assertThat(ByteSize.parse("64 kb").bytes()).isEqualTo(64_000);
    assertThat(ByteSize.parse("1.5GiB").bytes()).isEqualTo(1_610_612_736L);
    assertThat(ByteSize.parse("512").bytes()).isEqualTo(512);
  }

  @Test
  void refusesWhatIsNoSizeAndSaysWhatIsExpected() {
    for (String text : new String[] {"", "-1", "many", "5 PiB", "1e3", "KiB"}) {
      assertThatThrownBy(() -> ByteSize.parse(text))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("expected a number and a unit");
    }
  }

  @Test
  void writesTheLargestUnitThatKeepsItAboveOne() {
    assertThat(new ByteSize(0)).hasToString("0 B");
    assertThat(new ByteSize(1536)).hasToString("1.5 KiB");
    assertThat(ByteSize.ofMebibytes(2)).hasToString("2 MiB");
  }
}
