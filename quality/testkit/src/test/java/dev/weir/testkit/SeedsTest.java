package dev.weir.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SeedsTest {
  @Test
  void givesTheSameNumbersForTheSameSeed() {
    long first = Seeds.random("seeds", 42).nextLong();

    assertThat(Seeds.random("seeds", 42).nextLong()).isEqualTo(first);
  }
}
