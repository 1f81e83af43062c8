package dev.weir.router;

import static dev.weir.router.RouterRig.FIRST;
import static dev.weir.router.RouterRig.SECOND;
import static dev.weir.router.RouterRig.text;
import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.Bytes;
import dev.weir.wire.Offer;
import dev.weir.wire.StatusCode;
import dev.weir.wire.WireStatus;
import dev.weir.wire.WireStream;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RouterTest {
  private final RouterRig rig = new RouterRig();
  private final TestCaller caller = new TestCaller();

  @AfterEach
  void nothingIsLeft() {
    rig.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100, 4096, 65_520, 65_536, 1_000_000, 5_000_000})
  void passesCallsOfEverySizeOn(int bytes) throws Exception {
    WireStream stream = rig.open(caller);

    stream.call(Unpooled.wrappedBuffer(new byte[bytes]), FIRST, -1, caller);
    eventually("an answer", () -> caller.replies.get() == 1);
    stream.call(Unpooled.wrappedBuffer(new byte[bytes]), SECOND, 60_000_000, caller);

    eventually("both answers", () -> caller.replies.get() == 2);
    if (bytes > 100) {
      assertThat(caller.bytes).hasValue(2L * bytes);
    }
  }

  @Test
  void sendsEachCallToTheNodeOfItsKey() throws Exception {
    WireStream stream = rig.open(caller);

    for (int i = 0; i < 1000; i++) {
      stream.call(text("k"), i % 2 == 0 ? FIRST : SECOND, -1, caller);
    }

    eventually("the answers", () -> caller.replies.get() == 1000);
    assertThat(caller.ends.values().stream().filter("first:k"::equals)).hasSize(500);
    assertThat(caller.ends.values().stream().filter("second:k"::equals)).hasSize(500);
    assertThat(rig.router.counters().calls()).isEqualTo(1000);
  }

  @Test
  void joinsLargeAnswersOfTwoNodesOnOneStream() throws Exception {
    WireStream stream = rig.open(caller);

    for (int i = 0; i < 6; i++) {
      assertThat(
              stream.call(
                  Unpooled.wrappedBuffer(new byte[1_000_000]),
                  i % 2 == 0 ? FIRST : SECOND,
                  -1,
                  caller))
          .isNotEqualTo(Offer.REFUSED);
    }

    eventually("the ends", () -> caller.replies.get() + caller.failures.get() == 6);
    assertThat(caller.statuses.values()).allMatch(WireStatus::isUnprocessed);
  }

  @Test
  void goesByANewMapWhileCallsAreUnderWay() throws Exception {
    TestNode third = new TestNode("third");
    rig.others.add(third);
    WireStream stream = rig.open(caller);
    rig.first.isSilent = true;
    stream.call(text("before"), FIRST, -1, caller);
    eventually("the call came", () -> rig.first.held.size() == 1);

    rig.router.update(rig.map.move(0, SlotMap.SLOTS / 2, third.node())).get(20, TimeUnit.SECONDS);
    stream.call(text("after"), FIRST, -1, caller);

    eventually("the new node answers", () -> caller.ends.containsValue("third:after"));
    TestNode.Held old = rig.first.held.getFirst();
    old.stream().reply(old.mid(), text("late but whole"));
    eventually("the old one too", () -> caller.ends.containsValue("late but whole"));
    assertThat(caller.failures).hasValue(0);
  }

  @Test
  void movesSlotsToAndFroUnderLoadWithoutLosingACall() throws Exception {
    TestNode third = new TestNode("third");
    rig.others.add(third);
    WireStream stream = rig.open(caller);
    SlotMap map = rig.map;

    for (int round = 0; round < 10; round++) {
      for (int i = 0; i < 200; i++) {
        stream.call(text("k"), i * 81L, -1, caller);
      }
      TestNode to = round % 2 == 0 ? third : rig.first;
      map = map.move(0, SlotMap.SLOTS / 2, to.node());
      rig.router.update(map).get(20, TimeUnit.SECONDS);
    }

    eventually("every call ends", () -> caller.replies.get() + caller.failures.get() == 2000);
    assertThat(caller.statuses.values()).isEmpty();
    SlotMap last = map;
    assertThatThrownBy(() -> rig.router.update(last)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void saysThatNoNodeKeepsASlot() throws Exception {
    byte[] nobody = new byte[SlotMap.SLOTS];
    Arrays.fill(nobody, (byte) SlotMap.NONE);
    rig.router
        .update(new SlotMap(2, List.of(rig.first.node()), Bytes.wrap(nobody)))
        .get(20, TimeUnit.SECONDS);
    WireStream stream = rig.open(caller);

    stream.call(text("k"), FIRST, -1, caller);
    stream.call(text("k"), caller);

    eventually("two failures", () -> caller.failures.get() == 2);
    assertThat(caller.ends.values()).containsOnly("UNAVAILABLE", "INVALID_ARGUMENT");
    assertThat(caller.statuses.values())
        .filteredOn(s -> s.code() == StatusCode.UNAVAILABLE)
        .allMatch(WireStatus::isUnprocessed);
  }

  @Test
  void passesCancellationsOn() throws Exception {
    rig.first.isSilent = true;
    WireStream stream = rig.open(caller);
    stream.call(text("a"), FIRST, -1, caller);
    eventually("the call came", () -> rig.first.held.size() == 1);

    stream.cancel(caller.lastMid);

    eventually("the node knows", () -> rig.first.cancelled.size() == 1);
    assertThat(caller.ends.values()).containsOnly("CANCELLED");
  }

  @Test
  void neverGivesALateAnswerToAnotherCall() throws Exception {
    rig.first.isSilent = true;
    WireStream stream = rig.open(caller);
    for (int i = 0; i < 100; i++) {
      stream.call(text("c" + i), FIRST, -1, caller);
    }
    eventually("the calls came", () -> rig.first.held.size() == 100);
    for (TestNode.Held held : List.copyOf(rig.first.held)) {
      if (held.mid() % 2 == 0) {
        stream.cancel(held.mid());
      }
    }
    eventually("the node knows", () -> rig.first.cancelled.size() == 50);

    rig.first.isSilent = false;
    for (TestNode.Held held : rig.first.held) {
      held.stream().reply(held.mid(), text("late " + held.body()));
    }
    for (int i = 0; i < 100; i++) {
      stream.call(text("n" + i), FIRST, -1, caller);
    }

    eventually("all ends", () -> caller.replies.get() == 150 && caller.failures.get() == 50);
    assertThat(caller.ends.values().stream().filter(e -> e.startsWith("late"))).hasSize(50);
    assertThat(caller.ends.values().stream().filter(e -> e.startsWith("first:n"))).hasSize(100);
    assertThat(rig.router.counters().lateReplies()).isEqualTo(50);
  }

  @Test
  void endsACallWhoseTimeIsOver() throws Exception {
    rig.first.isSilent = true;
    WireStream stream = rig.open(caller);

    stream.call(text("a"), FIRST, 200_000, caller);

    eventually("it ends", () -> caller.failures.get() == 1);
    assertThat(caller.ends.values()).containsOnly("DEADLINE_EXCEEDED");
    eventually("the router forgot it", () -> rig.router.counters().expired() <= 1);
  }

  @Test
  void endsItsSideWhenTheClientHasAndEveryCallIsAnswered() throws Exception {
    WireStream stream = rig.open(caller);
    stream.call(text("a"), FIRST, -1, caller);

    stream.end();

    eventually("the stream is over", () -> caller.isClosed);
    assertThat(caller.ends.values()).containsOnly("first:a");
  }
}
