package dev.weir.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TopicTest {
  @ParameterizedTest
  @ValueSource(strings = {"a", "/", "a/b/c", "/a/", " ", "a b", "ü/漢/😀", "$SYS/x", "a//b"})
  void acceptsWhatMqttAccepts(String name) {
    assertThat(Topic.check(name)).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a/+",
        "#",
        "a#",
        "a\u0000b",
        "a\nb",
        "a\u007fb",
        "a\u0085",
        "\uFFFD",
        "\uD83D",
        "a\uDE00b",
        "\uDE00\uD83D"
      })
  void refusesWildcardsControlsAndWhatUtf8CannotCarry(String name) {
    assertThatThrownBy(() -> Topic.check(name))
        .isInstanceOfSatisfying(
            WeirException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_TOPIC));
  }

  @Test
  void boundsBytesAndLevels() {
    String widest = "a".repeat(Topic.MAX_BYTES);
    String deepest = "/".repeat(Topic.MAX_LEVELS - 1);

    assertThat(Topic.check(widest)).isEqualTo(widest);
    assertThat(Topic.check(deepest)).isEqualTo(deepest);
    assertThatThrownBy(() -> Topic.check(widest + "a")).hasMessageContaining("1024 bytes");
    assertThatThrownBy(() -> Topic.check("漢".repeat(342))).hasMessageContaining("1024 bytes");
    assertThatThrownBy(() -> Topic.check(deepest + "/")).hasMessageContaining("33 levels");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "abc", "ü", "漢字", "😀", "a😀ü漢"})
  void countsUtf8AsItIsEncoded(String text) {
    assertThat(Topic.utf8Length(text)).isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
  }
}
