package dev.weir.dev;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class SyntheticSourceTest {
  @Test
  void numbersItsLinesWithoutAGap() throws IOException {
    SyntheticSource source =
        new SyntheticSource(
            SyntheticSource.Kind.METRICS, 100_000, Clock.SYSTEM, new SplittableRandom(1));
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(source, StandardCharsets.UTF_8));

    for (int i = 0; i < 500; i++) {
      assertThat(Numbers.of(Bytes.utf8(reader.readLine()))).hasValue(i);
    }

    assertThat(source.sentCount()).isGreaterThanOrEqualTo(500);
  }

  @Test
  void endsWhenStopped() {
    SyntheticSource source =
        new SyntheticSource(SyntheticSource.Kind.LOGS, 1, Clock.SYSTEM, new SplittableRandom(1));

    source.stop();

    assertThat(source.read()).isEqualTo(-1);
    assertThat(source.sentCount()).isZero();
  }

  @Test
  void knowsNoNumberInOtherBodies() {
    assertThat(Numbers.of(Bytes.utf8("hello"))).isEmpty();
    assertThat(Numbers.of(Bytes.utf8("n= x"))).isEmpty();
  }
}
