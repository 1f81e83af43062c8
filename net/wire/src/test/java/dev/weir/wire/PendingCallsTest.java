package dev.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Seeds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class PendingCallsTest {
  private final PendingCalls pending = new PendingCalls();
  private final List<Integer> failed = new ArrayList<>();

  @Test
  void findsEachCallOnceByItsMid() {
    ReplyHandler handler = handler();
    int mid = pending.add(handler, PendingCalls.NEVER);

    assertThat(mid).isNotZero();
    assertThat(pending.take(mid + 16)).isNull();
    assertThat(pending.take(mid)).isSameAs(handler);
    assertThat(pending.take(mid)).isNull();
    assertThat(pending.count()).isZero();
  }

  @Test
  void keepsOldCallsWhileYoungerOnesComeAndGo() {
    RandomGenerator random = Seeds.random("PendingCallsTest");
    Map<Integer, ReplyHandler> expected = new HashMap<>();
    for (int step = 0; step < 100_000; step++) {
      if (random.nextInt(100) < 52) {
        ReplyHandler handler = handler();
        assertThat(expected.put(pending.add(handler, PendingCalls.NEVER), handler)).isNull();
      } else if (!expected.isEmpty()) {
        int mid = expected.keySet().iterator().next();
        assertThat(pending.take(mid)).isSameAs(expected.remove(mid));
      }
    }

    assertThat(pending.count()).isEqualTo(expected.size());
    expected.forEach((mid, handler) -> assertThat(pending.take(mid)).isSameAs(handler));
  }

  @Test
  void failsOnlyWhatIsOverdue() {
    int soon = pending.add(handler(), 10);
    pending.add(handler(), 20);
    pending.add(handler(), PendingCalls.NEVER);

    pending.expire(15, _ -> {});

    assertThat(failed).containsExactly(soon);
    assertThat(pending.count()).isEqualTo(2);
    assertThat(pending.hasDeadlines()).isTrue();
  }

  @Test
  void failsEveryCallOnce() {
    for (int i = 0; i < 100; i++) {
      pending.add(handler(), i);
    }

    pending.failAll(WireStatus.of(StatusCode.UNAVAILABLE, "over"));

    assertThat(failed).hasSize(100).doesNotHaveDuplicates();
    assertThat(pending.hasDeadlines()).isFalse();
  }

  private ReplyHandler handler() {
    return new ReplyHandler() {
      @Override
      public void onReply(MessageView reply) {}

      @Override
      public void onFailure(int mid, WireStatus status) {
        failed.add(mid);
      }
    };
  }
}
