package dev.weir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.flow.SimConnection.Request;
import dev.weir.flow.SimConnection.Response;
import java.util.EnumSet;
import java.util.Set;
import java.util.random.RandomGenerator;

/// The server's side of one connection, driven by [ReceiverMachine] as an owner would.
final class SimReceiver {
  static final long BUDGET_BYTES = 4_000;

  /// What an honest sender on an intact connection never causes.
  private static final Set<ReceiverEvent> DISHONEST =
      EnumSet.of(
          ReceiverEvent.FRAME_DUPLICATE, ReceiverEvent.FRAME_GAP, ReceiverEvent.FRAME_OVER_CREDIT);

  private final SimConnection connection;
  private final SimStore store;
  private final RandomGenerator random;
  private final Machine<ReceiverState, ReceiverEvent, ReceiverAction> machine;
  private final Credit credit = new Credit(BUDGET_BYTES);
  private LaneDedup lane = new LaneDedup(0);
  private long inFrameBytes;
  private int invalidInARow;
  private boolean isOverQuota;
  private boolean hasFaults = true;

  SimReceiver(
      SimConnection connection, SimStore store, RandomGenerator random, FlowCounters counters) {
    this.connection = connection;
    this.store = store;
    this.random = random;
    this.machine = new Machine<>(ReceiverMachine.TABLE, counters.receiver(), ReceiverState.NEW);
  }

  void onRequest(Request request) {
    switch (request) {
      case Request.Hello _ ->
          fire(store.isBroken() ? ReceiverEvent.STORE_ERROR : ReceiverEvent.HELLO);
      case Request.Bye _ -> fire(ReceiverEvent.BYE);
      case Request.Frame frame -> onFrame(frame);
    }
  }

  private void onFrame(Request.Frame frame) {
    boolean isWithin = credit.onReceived(frame.bytes());
    inFrameBytes = frame.bytes();
    ReceiverEvent event = judge(frame, isWithin);
    if (DISHONEST.contains(event)) {
      assertThat(connection.isTampered()).as("%s of %s", event, frame).isTrue();
    }
    ReceiverAction action = fire(event);
    if (action != ReceiverAction.ENQUEUE) {
      onDropped(frame.bytes());
      if (machine.state() == ReceiverState.OPEN && credit.isGrantDue()) {
        grant();
      }
    }
  }

  private ReceiverEvent judge(Request.Frame frame, boolean isWithin) {
    return switch (lane.decide(frame.sequence())) {
      case DUPLICATE -> ReceiverEvent.FRAME_DUPLICATE;
      case GAP -> ReceiverEvent.FRAME_GAP;
      case VOID -> ReceiverEvent.FRAME_VOID;
      case ACCEPT -> {
        if (!isWithin) {
          yield ReceiverEvent.FRAME_OVER_CREDIT;
        }
        if (!hasFaults || frame.isLoss() || random.nextInt(30) > 0) {
          yield ReceiverEvent.FRAME_NEXT;
        }
        yield random.nextBoolean() ? ReceiverEvent.FRAME_INVALID : ReceiverEvent.DICTIONARY_UNKNOWN;
      }
    };
  }

  ReceiverAction fire(ReceiverEvent event) {
    ReceiverAction action = machine.on(event);
    ReceiverState next = perform(action);
    if (machine.mustLand()) {
      machine.land(next);
    }
    if (machine.state() == ReceiverState.CLOSED) {
      connection.cut();
    }
    assertThat(credit.queuedBytes()).isBetween(0L, BUDGET_BYTES + SimSender.MAX_FRAME_BYTES);
    return action;
  }

  /// Performs an action and says where it lands if the cell leaves that open.
  private ReceiverState perform(ReceiverAction action) {
    switch (action) {
      case IGNORE, FENCE_AND_LOAD, STORE_DICTIONARY, REFUSE_DICTIONARY, STOP_GRANTING -> {}
      case CLOSE, PROTOCOL_ERROR, REJECT_HELLO -> {}
      case WELCOME -> {
        lane = new LaneDedup(store.durable());
        connection.send(new Response.Welcome(lane.durable(), credit.grant()));
      }
      case ENQUEUE -> {
        invalidInARow = 0;
        store.enqueue(this, lane.accept(), inFrameBytes);
      }
      case ACK_AGAIN, ACK -> connection.send(new Response.Ack(lane.durable()));
      case ACK_AND_GRANT -> {
        connection.send(new Response.Ack(lane.durable()));
        grantIfDue();
      }
      case GRANT -> grantIfUnpaused();
      case NACK_INVALID -> {
        invalidInARow++;
        nack(SenderEvent.NACK_REFUSED);
      }
      case NACK_UNKNOWN_DICTIONARY -> nack(SenderEvent.NACK_UNKNOWN_DICTIONARY);
      case NACK_NOT_STORED, NACK_OVERFLOW -> nackAndRegrant();
      case SUSPEND -> {
        if (lane.dropQueued()) {
          nack(SenderEvent.NACK_NOT_STORED);
        }
      }
      case REJECT_BUSY -> notice(SenderEvent.REJECT_BUSY);
      case REJECT_REDIRECT -> notice(SenderEvent.REJECT_REDIRECT);
      case REJECT_SUPERSEDED -> notice(SenderEvent.REJECT_SUPERSEDED);
      case GO_AWAY, GO_AWAY_AND_CLOSE -> notice(SenderEvent.GO_AWAY);
      case FINISH -> {}
    }
    return landing(action);
  }

  private ReceiverState landing(ReceiverAction action) {
    return switch (machine.state()) {
      case NEW, CLOSED -> machine.state();
      case SUSPENDED ->
          action == ReceiverAction.NACK_INVALID ? orClosed(ReceiverState.SUSPENDED) : unpaused();
      case DRAIN ->
          action == ReceiverAction.NACK_INVALID ? orClosed(ReceiverState.DRAIN) : drained();
      case RESUME, OPEN, FULL -> {
        if (action == ReceiverAction.FINISH) {
          yield drained();
        }
        yield action == ReceiverAction.NACK_INVALID ? orClosed(machine.state()) : unpaused();
      }
    };
  }

  private ReceiverState orClosed(ReceiverState state) {
    return invalidInARow >= 3 ? ReceiverState.CLOSED : state;
  }

  private ReceiverState drained() {
    return lane.isSettled() ? ReceiverState.CLOSED : ReceiverState.DRAIN;
  }

  private ReceiverState unpaused() {
    boolean isStillFull = machine.state() == ReceiverState.FULL ? !credit.isLow() : credit.isHigh();
    return ReceiverMachine.landing(isOverQuota || isStillFull);
  }

  private void nack(SenderEvent kind) {
    lane.refuse();
    connection.send(new Response.Nack(kind, lane.expected()));
  }

  private void notice(SenderEvent kind) {
    connection.send(new Response.Notice(kind));
  }

  /// The nack makes the sender give up its credit, so a fresh grant follows where one is due.
  private void nackAndRegrant() {
    nack(SenderEvent.NACK_NOT_STORED);
    if (machine.state() == ReceiverState.OPEN) {
      grant();
    }
  }

  private void grantIfDue() {
    if (credit.isGrantDue()) {
      grantIfUnpaused();
    }
  }

  private void grantIfUnpaused() {
    if (unpaused() == ReceiverState.OPEN) {
      grant();
    }
  }

  private void grant() {
    long before = credit.limitBytes();
    long limitBytes = credit.grant();
    assertThat(limitBytes).isGreaterThanOrEqualTo(before);
    connection.send(new Response.Grant(limitBytes));
  }

  void onCommitted(long sequence, long bytes) {
    credit.onReleased(bytes);
    lane.onCommitted(sequence);
    fire(ReceiverEvent.COMMITTED);
  }

  void onDropped(long bytes) {
    credit.onReleased(bytes);
  }

  void setOverQuota(boolean isOver) {
    isOverQuota = isOver;
    fire(isOver ? ReceiverEvent.QUOTA_EXCEEDED : ReceiverEvent.QUOTA_OK);
  }

  void endFaults() {
    hasFaults = false;
    if (isOverQuota) {
      setOverQuota(false);
    }
  }

  ReceiverState state() {
    return machine.state();
  }
}
