package dev.weir.bench.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.message.Message;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class LabelMessagesTest {
  @ParameterizedTest
  @EnumSource
  void areTheSameForTheSameSeed(LabelMessages.Kind kind) {
    LabelMessages first = new LabelMessages(kind, 7);
    LabelMessages second = new LabelMessages(kind, 7);
    for (int i = 0; i < 20; i++) {
      Message message = first.next(3_000);
      assertThat(second.next(3_000)).isEqualTo(message);
      assertThat(message.body().length()).isBetween(2_980, 3_500);
    }
    assertThat(new LabelMessages(kind, 8).next(3_000)).isNotEqualTo(first.next(3_000));
  }

  @Test
  void writeLabelsOut() {
    String text = new LabelMessages(LabelMessages.Kind.LABELS, 1).next(800).body().utf8();

    assertThat(text).contains("hostname=\"host-", "service_environment=\"").endsWith("\n");
  }
}
