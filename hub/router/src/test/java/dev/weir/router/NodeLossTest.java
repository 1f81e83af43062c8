package dev.weir.router;

import static dev.weir.router.RouterRig.FIRST;
import static dev.weir.router.RouterRig.SECOND;
import static dev.weir.router.RouterRig.text;
import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.wire.Offer;
import dev.weir.wire.StatusCode;
import dev.weir.wire.WireLimits;
import dev.weir.wire.WireStatus;
import dev.weir.wire.WireStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Nodes that are stuck, gone, and back.
final class NodeLossTest {
  private static final int CLIENTS = 20;

  private final RouterRig rig = new RouterRig();
  private final TestCaller caller = new TestCaller();

  @AfterEach
  void nothingIsLeft() {
    rig.close();
  }

  @Test
  void holdsABoundedAmountForANodeThatTakesNothing() throws Exception {
    rig.first.isSilent = true;
    List<TestCaller> callers = new ArrayList<>();
    List<WireStream> streams = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      callers.add(new TestCaller());
      streams.add(rig.open(callers.get(i)));
    }
    int sent = 0;
    for (int round = 0; round < 300; round++) {
      for (int i = 0; i < CLIENTS; i++) {
        sent += push(streams.get(i), callers.get(i));
      }
      assertThat(rig.context.budget().heldBytes())
          .isLessThanOrEqualTo(CLIENTS * WireLimits.STANDARD.streamWindow().bytes());
    }
    assertThat(sent).isPositive();

    for (int i = 0; i < CLIENTS; i++) {
      TestCaller own = callers.get(i);
      WireStream stream = streams.get(i);
      eventually(
          "calls to the other node go on",
          () -> {
            stream.call(text("x"), SECOND, -1, own);
            return own.ends.containsValue("second:x");
          });
      assertThat(own.statuses.values())
          .allMatch(s -> s.code() == StatusCode.RESOURCE_EXHAUSTED && s.isUnprocessed());
    }
  }

  private static int push(WireStream stream, TestCaller caller) {
    ByteBuf body = Unpooled.wrappedBuffer(new byte[16_000]);
    if (stream.call(body, FIRST, -1, caller) == Offer.REFUSED) {
      body.release();
      return 0;
    }
    return 1;
  }

  @Test
  void tellsWhichCallsANodeThatIsGoneMayHaveDone() throws Exception {
    rig.first.isSilent = true;
    WireStream stream = rig.open(caller);
    stream.call(text("sent"), FIRST, -1, caller);
    eventually("the call came", () -> rig.first.held.size() == 1);

    rig.first.kill();

    eventually("it fails", () -> caller.failures.get() == 1);
    assertThat(caller.statuses.values())
        .allMatch(s -> s.code() == StatusCode.UNAVAILABLE && !s.isUnprocessed());

    stream.call(text("refused"), FIRST, -1, caller);
    stream.call(text("x"), SECOND, -1, caller);
    eventually("two more ends", () -> caller.failures.get() == 2 && caller.replies.get() == 1);
    assertThat(caller.statuses.values()).anyMatch(WireStatus::isUnprocessed);
  }

  @Test
  void findsANodeThatIsBack() throws Exception {
    WireStream stream = rig.open(caller);
    stream.call(text("a"), FIRST, -1, caller);
    eventually("an answer", () -> caller.ends.containsValue("first:a"));
    int port = rig.first.port();
    rig.first.kill();
    eventually(
        "calls fail",
        () -> {
          stream.call(text("b"), FIRST, -1, caller);
          return caller.failures.get() > 0;
        });

    rig.first.restart(port);

    eventually(
        "calls are answered again",
        () -> {
          stream.call(text("c"), FIRST, -1, caller);
          return caller.ends.containsValue("first:c");
        });
  }

  @Test
  void failsALargeCallInTheMidstAndServesTheNext() throws Exception {
    rig.first.isSilent = true;
    WireStream stream = rig.open(caller);
    for (int i = 0; i < 4; i++) {
      stream.call(Unpooled.wrappedBuffer(new byte[700_000]), FIRST, -1, caller);
    }
    eventually("one is there", () -> !rig.first.held.isEmpty());

    rig.first.kill();

    eventually("all end", () -> caller.failures.get() == 4);
    stream.call(text("x"), SECOND, -1, caller);
    eventually("the other node answers", () -> caller.ends.containsValue("second:x"));
  }
}
