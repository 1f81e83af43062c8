package dev.weir.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class WeirExceptionTest {
  @ParameterizedTest
  @EnumSource(ErrorCode.class)
  void isReadBackFromItsExplanation(ErrorCode code) {
    WeirException said = new WeirException(code, "Line 1: no.\nLine 2: \u2026");

    WeirException read = WeirException.explained(said.explanation()).orElseThrow();

    assertThat(read.code()).isEqualTo(code);
    assertThat(read).hasMessage(said.getMessage());
  }

  @Test
  void isReadBackFromAnExplanationWithoutWhatToDo() {
    WeirException read = WeirException.explained("WEIR-3002: Who is it?").orElseThrow();

    assertThat(read.code()).isEqualTo(ErrorCode.UNAUTHENTICATED);
    assertThat(read).hasMessage("Who is it?");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "WEIR-3001",
        "WEIR-3001:",
        "WEIR-9999: A later version's.",
        "WEIR-30010: Who?",
        "WEIR-x: ",
        " WEIR-3001: Who is it?",
        "UNAUTHENTICATED: WEIR-3001: Who is it?"
      })
  void isNotReadFromOtherTexts(String text) {
    assertThat(WeirException.explained(text)).isEmpty();
  }
}
