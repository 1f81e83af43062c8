package dev.weir.router;

import static dev.weir.router.RouterRig.FIRST;
import static dev.weir.router.RouterRig.SECOND;
import static dev.weir.router.RouterRig.text;
import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.wire.Offer;
import dev.weir.wire.WireContext;
import dev.weir.wire.WireLease;
import dev.weir.wire.WireLimits;
import dev.weir.wire.WireStream;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Leases in front of a router and behind it.
final class LeasedCallsTest {
  private static final int CALLS = 30;
  private static final WireLimits FIVE_CALLS =
      WireLimits.STANDARD.with(new WireLease(5, Duration.ofMillis(100)));
  private static final WireLimits FIVE_CALLS_EVER =
      WireLimits.STANDARD.with(new WireLease(5, Duration.ofHours(1)));

  private final TestCaller caller = new TestCaller();

  private WireStream open(RouterRig rig) throws Exception {
    WireStream stream = rig.open(caller);
    eventually("both have said hello", () -> stream.connection().agreement().isPresent());
    return stream;
  }

  private void call(WireStream stream, long route, int bytes) {
    assertThat(stream.call(Unpooled.wrappedBuffer(new byte[bytes]), route, -1, caller))
        .isNotEqualTo(Offer.REFUSED);
  }

  /// The router waits for the leases of the node; what it has no room for it refuses, unprocessed.
  @Test
  void waitsForTheLeasesOfANode() throws Exception {
    WireContext node = WireContext.of("second").with(FIVE_CALLS);
    try (RouterRig rig = new RouterRig(WireContext.of("client"), WireContext.of("router"), node)) {
      WireStream stream = open(rig);

      for (int i = 0; i < CALLS; i++) {
        call(stream, SECOND, 1_000);
        call(stream, FIRST, 1_000);
      }

      eventually("all are answered", () -> caller.replies.get() == 2 * CALLS);
      assertThat(caller.failures.get()).isZero();
      assertThat(node.counters().leaseRefusals()).isZero();
      assertThat(node.counters().leases()).isGreaterThan(1);
      assertThat(rig.context.counters().leaseWaits()).isPositive();
    }
  }

  @Test
  void servesOtherNodesMeanwhile() throws Exception {
    WireContext node = WireContext.of("second").with(FIVE_CALLS_EVER);
    try (RouterRig rig = new RouterRig(WireContext.of("client"), WireContext.of("router"), node)) {
      WireStream stream = open(rig);
      for (int i = 0; i < CALLS; i++) {
        call(stream, SECOND, 1_000);
      }
      eventually("five are answered", () -> caller.replies.get() == 5);

      stream.call(text("x"), FIRST, -1, caller);

      eventually("the other node answers", () -> caller.ends.containsValue("first:x"));
      assertThat(caller.replies.get()).isEqualTo(6);
      assertThat(rig.second.calls.get()).isEqualTo(5);
    }
  }

  @Test
  void leasesCallsToItsClients() throws Exception {
    WireContext router = WireContext.of("router").with(FIVE_CALLS);
    WireContext client = WireContext.of("client");
    try (RouterRig rig = new RouterRig(client, router, WireContext.of("second"))) {
      WireStream stream = open(rig);

      for (int i = 0; i < CALLS; i++) {
        call(stream, i % 2 == 0 ? FIRST : SECOND, i % 3 == 0 ? 100_000 : 1_000);
      }

      eventually("all are answered", () -> caller.replies.get() == CALLS);
      assertThat(caller.failures.get()).isZero();
      assertThat(router.counters().leaseRefusals()).isZero();
      assertThat(client.counters().leaseWaits()).isPositive();
    }
  }
}
