package dev.weir.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The memory of a router, a process of its own, whose storage node is dead while fifty clients
/// push.
final class DeadNodeTest {
  private static final Duration PUSHING = Duration.ofSeconds(2);

  @Timeout(120)
  @ParameterizedTest
  @EnumSource(DeadNodeBench.Death.class)
  void holdsNoMoreThanTheWindows(DeadNodeBench.Death death) throws Exception {
    DeadNodeBench.Result result = DeadNodeBench.run(death, DeadNodeBench.CLIENTS, PUSHING);

    assertThat(result.refused()).as("calls refused: clients pushed").isPositive();
    assertThat(result.most().heldBytes()).isLessThanOrEqualTo(result.windowBytes());
    assertThat(result.share()).isLessThanOrEqualTo(1.1);
  }
}
