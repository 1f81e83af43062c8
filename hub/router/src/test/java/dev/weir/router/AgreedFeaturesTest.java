package dev.weir.router;

import static dev.weir.router.RouterRig.FIRST;
import static dev.weir.router.RouterRig.SECOND;
import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.wire.WireCompression;
import dev.weir.wire.WireContext;
import dev.weir.wire.WireStream;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A client, a router and one of two nodes have checksums and compression; the other node has not.
final class AgreedFeaturesTest {
  private final RouterRig rig = new RouterRig(both("client"), both("router"), both("second"));
  private final TestCaller caller = new TestCaller();

  private static WireContext both(String name) {
    return WireContext.of(name).withCrc().with(new WireCompression());
  }

  @AfterEach
  void nothingIsLeft() {
    rig.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 600, 5_000, 65_520, 65_536, 1_000_000, 3_000_000})
  void passesCallsOnToNodesOfBothKinds(int bytes) throws Exception {
    WireStream stream = rig.open(caller);

    for (int round = 1; round <= 3; round++) {
      int sum = 2 * round;
      stream.call(Unpooled.wrappedBuffer(new byte[bytes]), FIRST, -1, caller);
      stream.call(Unpooled.wrappedBuffer(new byte[bytes]), SECOND, 60_000_000, caller);
      eventually("both answers", () -> caller.replies.get() + caller.failures.get() == sum);
    }

    assertThat(caller.statuses).isEmpty();
    if (bytes > 100) {
      assertThat(caller.bytes).hasValue(6L * bytes);
    }
    for (WireContext each : List.of(rig.context, rig.first.context, rig.second.context)) {
      assertThat(each.counters().peerFaults() + each.counters().damagedFrames()).isZero();
    }
    eventually("nothing waits at the router", () -> rig.context.budget().heldBytes() == 0);
  }
}
