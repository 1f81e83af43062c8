package dev.weir.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class EventuallyTest {
  @Test
  void asksUntilTheConditionHolds() {
    AtomicInteger asked = new AtomicInteger();

    Eventually.eventually("third time", () -> asked.incrementAndGet() == 3);

    assertThat(asked).hasValue(3);
  }

  @Test
  void failsWithTheNameAndTheLastFailureAfterTheDeadline() {
    assertThatThrownBy(() ->
            Eventually.eventually(
                "never",
                Duration.ofMillis(2),
                () -> {
                  throw new IllegalStateException("still not");
                }))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("never")
        .hasRootCauseMessage("still not");
  }
}
