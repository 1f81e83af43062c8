package dev.weir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.flow.SimConnection.Request;
import dev.weir.flow.SimConnection.Response;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// A sender of one lane, driven by [SenderMachine] as an owner would.
final class SimSender {
  static final int MAX_FRAME_BYTES = 1_500;

  private static final long WINDOW_BYTES = 3_000;

  private final Supplier<SimConnection> dialer;
  private final Machine<SenderState, SenderEvent, SenderAction> machine;
  private final LaneLedger ledger = new LaneLedger(0, 1);
  private final ByteWindow window = new ByteWindow(new FixedWindow(WINDOW_BYTES));
  private final List<Long> spool = new ArrayList<>();
  private final Set<Long> buried = new HashSet<>();
  private SimConnection connection = new SimConnection();
  private boolean isStopping;
  private boolean isWritable = true;
  private boolean isLimited;

  SimSender(Supplier<SimConnection> dialer, FlowCounters counters) {
    this.dialer = dialer;
    this.machine = new Machine<>(SenderMachine.TABLE, counters.sender(), SenderState.BACKOFF);
  }

  void append(long bytes) {
    spool.add(bytes);
    fire(SenderEvent.SPOOL_READY);
  }

  void setWritable(boolean isNowWritable) {
    isWritable = isNowWritable;
    fire(isNowWritable ? SenderEvent.TRANSPORT_WRITABLE : SenderEvent.TRANSPORT_UNWRITABLE);
  }

  void onResponse(Response response) {
    switch (response) {
      case Response.Welcome welcome -> onWelcome(welcome);
      case Response.Ack ack -> onAck(ack.durable());
      case Response.Nack nack -> onNack(nack);
      case Response.Grant grant -> {
        window.onCredit(grant.limitBytes());
        fire(SenderEvent.CREDIT);
      }
      case Response.Notice notice -> fire(notice.kind());
    }
  }

  private void onWelcome(Response.Welcome welcome) {
    if (machine.state() != SenderState.HELLO) {
      fire(SenderEvent.WELCOME);
      return;
    }
    LaneLedger.Resumption resumption = ledger.resume(welcome.durable(), spool.size() + 1L);
    assertThat(resumption).isEqualTo(LaneLedger.Resumption.RESUMED);
    window.onSession(welcome.creditBytes());
    fire(SenderEvent.WELCOME);
  }

  private void onAck(long durable) {
    switch (ledger.onAck(durable)) {
      case PROGRESS -> {
        window.onAck(0, ledger.settledBytes(), 1, 1, 1);
        fire(SenderEvent.ACK);
      }
      case STALE -> fire(SenderEvent.ANSWER_STALE);
      case IMPOSSIBLE -> fire(SenderEvent.ANSWER_IMPOSSIBLE);
    }
  }

  private void onNack(Response.Nack nack) {
    switch (ledger.onNack(nack.sequence())) {
      case PROGRESS -> {
        window.onTakenBack(ledger.takenBackBytes());
        if (nack.kind() == SenderEvent.NACK_REFUSED) {
          buried.add(nack.sequence());
        }
        fire(nack.kind());
      }
      case STALE -> fire(SenderEvent.ANSWER_STALE);
      case IMPOSSIBLE -> fire(SenderEvent.ANSWER_IMPOSSIBLE);
    }
  }

  void fire(SenderEvent event) {
    SenderAction action = machine.on(event);
    if (action == SenderAction.PROTOCOL_ERROR || event == SenderEvent.ANSWER_STALE) {
      assertThat(connection.isTampered() || isNoise(event)).as("%s is honest", event).isTrue();
    }
    SenderState next = perform(event, action);
    if (machine.mustLand()) {
      machine.land(next);
    }
    checkInvariants();
  }

  private static boolean isNoise(SenderEvent event) {
    return event == SenderEvent.TRANSPORT_UP;
  }

  /// Performs an action and says where it lands if the cell leaves that open.
  private SenderState perform(SenderEvent event, SenderAction action) {
    return switch (action) {
      case IGNORE, NOTE_BACKLOG, MARK_DEGRADED -> landing();
      case HOLD_DICTIONARY, PUBLISH_DICTIONARY, USE_DICTIONARY -> landing();
      case SUSPEND_SENDING, SET_CREDIT, PING, TIGHTEN_DEADLINE, SETTLE -> landing();
      case PUMP, RESUME, SETTLE_AND_PUMP, SET_CREDIT_AND_PUMP -> pumpAndLand();
      case BURY_AND_PUMP, PUBLISH_DICTIONARY_AND_REWIND -> pumpAndLand();
      case REWIND_AND_HOLD -> {
        window.dropCredit();
        yield landing();
      }
      case RECORD_LOSS -> {
        spool.add(1L);
        yield machine.state() == SenderState.FULL ? SenderState.FULL : pumpAndLand();
      }
      case DIAL -> {
        connection = dialer.get();
        isWritable = true;
        yield landing();
      }
      case RETURN_TO_WORK -> {
        isStopping = false;
        yield landing();
      }
      case SEND_HELLO -> {
        connection.send(new Request.Hello());
        yield landing();
      }
      case BEGIN_DRAIN -> {
        isStopping = event == SenderEvent.STOP;
        yield drained();
      }
      case YIELD_TO_NEWER, RECONNECT, RETRY_LATER, ABORT, PROTOCOL_ERROR, BACK_OFF -> closed();
      case CLOSE -> {
        connection.send(new Request.Bye());
        connection.hangUp();
        yield forgotten();
      }
      case GIVE_UP -> closed();
    };
  }

  private SenderState closed() {
    connection.cut();
    return forgotten();
  }

  private SenderState forgotten() {
    ledger.forgetInFlight();
    window.onSession(0);
    return isStopping ? SenderState.HALT : SenderState.BACKOFF;
  }

  private SenderState pumpAndLand() {
    pump();
    return landing();
  }

  private void pump() {
    isLimited = false;
    boolean mayBegin = machine.state() != SenderState.DRAIN || isStopping;
    while (mayBegin && hasBacklog()) {
      long sequence = ledger.nextSequence();
      boolean isLoss = buried.contains(sequence);
      long bytes = isLoss ? 1 : spool.get((int) sequence - 1);
      if (!isWritable || !window.admits(0, bytes)) {
        isLimited = true;
        return;
      }
      ledger.onSent(bytes, 0);
      window.onSent(0, bytes);
      connection.send(new Request.Frame(sequence, bytes, isLoss));
    }
  }

  private boolean hasBacklog() {
    return ledger.nextSequence() <= spool.size();
  }

  private SenderState landing() {
    if (machine.state() == SenderState.DRAIN) {
      return drained();
    }
    boolean isBlocked = isLimited && hasBacklog();
    return SenderMachine.landing(window.inFlightBytes(), hasBacklog(), isBlocked);
  }

  private SenderState drained() {
    boolean hasMore = window.inFlightBytes() > 0 || (isStopping && hasBacklog());
    return hasMore ? SenderState.DRAIN : closed();
  }

  private void checkInvariants() {
    assertThat(window.inFlightBytes()).isEqualTo(ledger.inFlightBytes()).isNotNegative();
    if (ledger.inFlightCount() > 1) {
      assertThat(window.inFlightBytes()).isLessThanOrEqualTo(WINDOW_BYTES);
    }
    assertThat(ledger.acked()).isLessThanOrEqualTo(spool.size());
  }

  SimConnection connection() {
    return connection;
  }

  SenderState state() {
    return machine.state();
  }

  long acked() {
    return ledger.acked();
  }

  int appended() {
    return spool.size();
  }
}
