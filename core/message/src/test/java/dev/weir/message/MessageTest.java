package dev.weir.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.Bytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class MessageTest {
  private static final Message MESSAGE = Message.of("a/b", "body");

  @Test
  void keepsTheOrderOfItsHeadersAndNotTheCallersMap() {
    Map<String, String> headers = new LinkedHashMap<>();
    for (int i = 20; i > 0; i--) {
      headers.put("h" + i, "v");
    }
    List<String> names = List.copyOf(headers.keySet());

    Message message = MESSAGE.withHeaders(headers);
    headers.clear();

    assertThat(new ArrayList<>(message.headers().keySet())).isEqualTo(names);
    assertThatThrownBy(() -> message.headers().put("x", "y"))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void roundsTimesUpSoThatAShortOneIsNotNone() {
    assertThat(MESSAGE.withTtl(Duration.ofNanos(1)).ttl()).isEqualTo(Duration.ofMillis(1));
    assertThat(MESSAGE.withDelay(Duration.ofNanos(1_000_001)).delay())
        .isEqualTo(Duration.ofMillis(2));
    assertThat(MESSAGE.withTtl(Duration.ofSeconds(3)).ttl()).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void refusesWhatIsBeyondItsLimitsNamingTheValue() {
    Bytes longId = Bytes.wrap(new byte[65]);

    assertThatThrownBy(() -> MESSAGE.withTtl(Duration.ofSeconds(Long.MAX_VALUE)))
        .hasMessageContaining("ttl is");
    assertThatThrownBy(() -> MESSAGE.withDelay(Duration.ofMillis(-1)))
        .hasMessageContaining("delay is");
    assertThatThrownBy(() -> MESSAGE.withId(longId)).hasMessageContaining("65");
    assertThatThrownBy(() -> MESSAGE.withKey(Bytes.wrap(new byte[1025])))
        .hasMessageContaining("1025");
    assertThatThrownBy(() -> MESSAGE.withPriority(10)).hasMessageContaining("10");
    assertThatThrownBy(() -> MESSAGE.withContentType("x".repeat(256))).hasMessageContaining("256");
    assertThatThrownBy(() -> MESSAGE.withHeaders(Map.of("n", "v".repeat(16 << 10))))
        .hasMessageContaining("16385");
  }
}
