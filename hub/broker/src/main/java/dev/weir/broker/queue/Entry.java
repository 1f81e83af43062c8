package dev.weir.broker.queue;

import dev.weir.broker.queue.DeliveryTable.Action;
import dev.weir.broker.queue.DeliveryTable.Event;
import dev.weir.broker.queue.DeliveryTable.State;
import dev.weir.flow.Cell;
import org.jspecify.annotations.Nullable;

/// One loaded message. Owned by its machine.
final class Entry {
  final Arrival arrival;
  final int level;
  State state;

  /// Deliveries that ended without an ack.
  int deliveries;

  @Nullable Death death;

  /// Not before, microseconds.
  long dueMicros;

  /// While it waits or is held: when that ends. The order among timers; must not change while it is
  /// among them.
  long timerMicros;

  /// While it is held.
  long lease;

  long consumer;

  Entry(Arrival arrival, int level, State state) {
    this.arrival = arrival;
    this.level = level;
    this.state = state;
    this.dueMicros = arrival.dueMicros();
  }

  long position() {
    return arrival.position();
  }

  /// What is dead already does not expire any more.
  boolean isExpired(long nowMicros) {
    return death == null && nowMicros >= arrival.expiresMicros();
  }

  /// What is to be known of it when it is not loaded.
  History history() {
    return new History(deliveries, dueMicros, death);
  }

  /// What an event asks for.
  Action on(Event event) {
    return DeliveryTable.TABLE.cell(event, state).action();
  }

  /// Where it landed after an event.
  ///
  /// @throws IllegalStateException when the table does not allow it
  void land(Event event, State next) {
    Cell<State, Action> cell = DeliveryTable.TABLE.cell(event, state);
    if (!cell.allows(next)) {
      throw new IllegalStateException(event + " led from " + state + " to " + next);
    }
    state = next;
  }
}
