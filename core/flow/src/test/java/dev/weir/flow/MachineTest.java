package dev.weir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.sun.management.ThreadMXBean;
import dev.weir.flow.PublishedSender.Action;
import dev.weir.flow.PublishedSender.Event;
import dev.weir.flow.PublishedSender.State;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MachineTest {
  private final CellCounters<State, Event, Action> counters =
      new CellCounters<>(PublishedSender.TABLE);
  private final Machine<State, Event, Action> machine =
      new Machine<>(PublishedSender.TABLE, counters, State.IDLE);

  @Test
  void entersTheOnlyLandingAtOnce() {
    Action action = machine.on(Event.ACK);

    assertThat(action).isEqualTo(Action.IGNORE);
    assertThat(machine.mustLand()).isFalse();
    assertThat(machine.state()).isEqualTo(State.IDLE);
  }

  @Test
  void waitsForTheOwnerWhereTheActionDecides() {
    Action action = machine.on(Event.SEND);

    assertThat(action).isEqualTo(Action.TRANSMIT);
    assertThat(machine.mustLand()).isTrue();
    machine.land(State.SENDING);
    assertThat(machine.state()).isEqualTo(State.SENDING);
    assertThat(machine.mustLand()).isFalse();
  }

  @Test
  void refusesALandingThatTheCellDoesNotAllow() {
    machine.on(Event.SEND);

    assertThatIllegalStateException()
        .isThrownBy(() -> machine.land(State.IDLE))
        .withMessageContaining("IDLE landed in IDLE, expected [SENDING, FULL]");
  }

  @Test
  void refusesALandingThatNobodyWaitsFor() {
    assertThatIllegalStateException().isThrownBy(() -> machine.land(State.IDLE));
  }

  @Test
  void refusesAnEventWhileAStepHasNotLanded() {
    machine.on(Event.SEND);

    assertThatIllegalStateException()
        .isThrownBy(() -> machine.on(Event.ACK))
        .withMessageContaining("ACK came before the last step landed");
  }

  @Test
  void countsEachCell() {
    machine.on(Event.ACK);
    machine.on(Event.ACK);

    assertThat(counters.machine()).isEqualTo("published-sender");
    assertThat(counters.total(Event.ACK, State.IDLE)).isEqualTo(2);
    assertThat(counters.total(Event.ACK, State.FULL)).isZero();
    assertThat(counters.untouched()).hasSize(8).doesNotContain("ACK x IDLE");
  }

  @Test
  void refusesACellWithoutALandingOrWithOneTwice() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Cell<State, Action>(Action.HOLD, List.of()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Cell.go(Action.HOLD, State.FULL, State.FULL));
  }

  @Test
  void allocatesNothingPerStep() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    step(1_000);
    long before = threads.getCurrentThreadAllocatedBytes();

    step(100_000);

    // A single object per step would be 1.6 MB or more.
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(100_000);
  }

  private void step(int rounds) {
    for (int round = 0; round < rounds; round++) {
      machine.on(Event.SEND);
      machine.land(State.FULL);
      machine.on(Event.SEND);
      machine.on(Event.ACK);
      machine.land(State.IDLE);
      machine.on(Event.ACK);
    }
  }
}
