package dev.weir.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class ErrorCodeTest {
  @Test
  void givesEachNumberOnce() {
    assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::number)).doesNotHaveDuplicates();
  }

  @Test
  void saysWhatHappenedAndWhatToDo() {
    assertThat(ErrorCode.values())
        .allSatisfy(code -> {
          assertThat(code.meaning()).endsWith(".");
          assertThat(code.fix()).endsWith(".");
        });
  }
}
