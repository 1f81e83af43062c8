package dev.weir.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class ByteMutatorTest {
  private static final List<byte[]> CORPUS =
      List.of("hello".getBytes(StandardCharsets.UTF_8), new byte[200], new byte[0]);

  @Test
  void givesTheSameSequenceForTheSameSeed() {
    ByteMutator one = new ByteMutator(new SplittableRandom(7), CORPUS);
    ByteMutator two = new ByteMutator(new SplittableRandom(7), CORPUS);

    for (int i = 0; i < 10_000; i++) {
      assertThat(one.next()).isEqualTo(two.next());
    }
  }

  @Test
  void makesShorterLongerAndEquallyLongInputAndLeavesTheCorpusAlone() {
    ByteMutator mutator = new ByteMutator(new SplittableRandom(8), List.of(CORPUS.get(0)));
    int shorter = 0;
    int longer = 0;
    int equal = 0;

    for (int i = 0; i < 1_000; i++) {
      byte[] mutant = mutator.next();
      shorter += mutant.length < 5 ? 1 : 0;
      longer += mutant.length > 5 ? 1 : 0;
      boolean isChanged = !Arrays.equals(mutant, CORPUS.get(0));
      equal += mutant.length == 5 && isChanged ? 1 : 0;
    }

    assertThat(List.of(shorter, longer, equal)).allMatch(count -> count > 50);
    assertThat(new String(CORPUS.get(0), StandardCharsets.UTF_8)).isEqualTo("hello");
  }
}
