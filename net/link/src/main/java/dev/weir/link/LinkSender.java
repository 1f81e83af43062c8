package dev.weir.link;

import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.flow.FlowCounters;
import dev.weir.flow.Machine;
import dev.weir.flow.Reconnect;
import dev.weir.flow.SenderAction;
import dev.weir.flow.SenderEvent;
import dev.weir.flow.SenderMachine;
import dev.weir.flow.SenderState;
import dev.weir.proto.Bye;
import dev.weir.proto.Hello;
import dev.weir.proto.Request;
import dev.weir.proto.Welcome;
import org.jspecify.annotations.Nullable;

/// The owner of a sender's machine: performs what the table says, and derives where it lands.
///
/// Problem: at any moment the core may answer, vanish, refuse or send us away, and the owner may
/// want an end. Idea: [SenderMachine] decides, [Transmitter] moves frames, [LinkSession] knows the
/// connection, [Reconnect] the waits, [SenderStanding] what the owner is told, and this class joins
/// them; what carries data hands it over as the `work` of a step, which runs only if the table's
/// action is about that data.
///
/// Beside the table stands one thing that the table leaves to its owner: an orderly end may have to
/// outlive a connection. A stop is therefore raised at once where frames flow, but held back while
/// there is no session, until everything is acked or its time is over.
///
/// A refused frame (nack INVALID, TOO_LARGE) is handed to its source and keeps its sequence: the
/// core passes it, and the ack that covers it comes as for any other. Nothing is sent in its place.
///
/// Owned by the link's duty thread.
final class LinkSender {
  private final LinkClientConfig config;
  private final Clock clock;
  private final Carriers carriers;
  private final Mailbox<LinkEvent> mailbox;
  private final SenderStanding standing;
  private final FlowCounters flowCounters;
  private final Machine<SenderState, SenderEvent, SenderAction> machine;
  private final Reconnect reconnect;
  private final Targets targets;
  private final Transmitter transmitter;
  private final LinkCounters counters;
  private @Nullable LinkSession session;

  /// The last one that ended in order, while its goodbye may still be on its way.
  private @Nullable Connection leaving;

  private long dialNanos;
  private long retryNanos;
  private long drainNanos;
  private boolean isStopping;
  private long stopNanos;

  LinkSender(
      LinkClientConfig config,
      Clock clock,
      Carriers carriers,
      Mailbox<LinkEvent> mailbox,
      LinkListener listener,
      FlowCounters flowCounters,
      Reconnect reconnect,
      Transmitter transmitter,
      LinkCounters counters) {
    this.config = config;
    this.clock = clock;
    this.carriers = carriers;
    this.mailbox = mailbox;
    this.flowCounters = flowCounters;
    this.reconnect = reconnect;
    this.transmitter = transmitter;
    this.counters = counters;
    this.targets = new Targets(config.targets());
    this.machine = new Machine<>(SenderMachine.TABLE, flowCounters.sender(), SenderState.BACKOFF);
    this.standing =
        new SenderStanding(listener, new LinkState.Connecting(config.targets().getFirst()));
    this.dialNanos = clock.nanoTime();
  }

  /// Raises an event that carries nothing.
  void step(SenderEvent event) {
    step(event, LinkSender::nothing);
  }

  /// Raises an event.
  ///
  /// @param work what is done with its data, if the table has it done
  void step(SenderEvent event, Runnable work) {
    SenderState landed = perform(machine.on(event), event, work);
    if (machine.mustLand()) {
      machine.land(landed);
    }
    standing.show(machine.state(), session, retryNanos);
  }

  private static void nothing() {
    // The event says it all.
  }

  private SenderState perform(SenderAction action, SenderEvent event, Runnable work) {
    return switch (action) {
      case IGNORE, NOTE_BACKLOG -> machine.state();
      case DIAL -> dial();
      case RETURN_TO_WORK -> retryAfter(0);
      case SEND_HELLO -> sendHello();
      case SETTLE, SET_CREDIT -> flow(work, false);
      case RESUME, PUMP, SETTLE_AND_PUMP, SET_CREDIT_AND_PUMP, BURY_AND_PUMP -> flow(work, true);
      case SUSPEND_SENDING, REWIND_AND_HOLD, PUBLISH_DICTIONARY_AND_REWIND -> flow(work, false);
      case PING -> ping();
      case BEGIN_DRAIN -> beginDrain(event, work);
      case TIGHTEN_DEADLINE -> machine.state();
      case RECONNECT -> sendAway(work, 0);
      case RETRY_LATER -> sendAway(work, retryNanos);
      case YIELD_TO_NEWER -> yieldToNewer();
      case PROTOCOL_ERROR -> {
        counters.protocolErrors++;
        yield lose("The core sent what cannot be: " + event + ".");
      }
      case ABORT -> lose(cause(event));
      case BACK_OFF -> lose(standing.reason());
      case CLOSE -> {
        finish("stop");
        yield SenderState.HALT;
      }
      case GIVE_UP -> {
        work.run();
        abort(standing.reason());
        yield SenderState.HALT;
      }
      case HOLD_DICTIONARY -> machine.state(); // Offered by the next session.
      case PUBLISH_DICTIONARY, USE_DICTIONARY -> {
        work.run();
        yield machine.state();
      }
      case RECORD_LOSS, MARK_DEGRADED ->
          throw new IllegalStateException(action + " belongs to no event that is raised here");
    };
  }

  private String cause(SenderEvent event) {
    boolean isDialing = session != null && !session.isWelcome();
    return isDialing && event == SenderEvent.LIVENESS_TIMEOUT
        ? "The core did not accept the connection in time."
        : event.meaning();
  }

  private SenderState dial() {
    reconnect.onDue();
    standing.dialing();
    long nowNanos = clock.nanoTime();
    Connection connection = Connection.open(carriers, targets.next(), mailbox);
    session =
        new LinkSession(
            connection,
            flowCounters,
            config.heartbeat().toNanos(),
            nowNanos,
            nowNanos + config.connectTimeout().toNanos());
    return SenderState.CONNECT;
  }

  private SenderState sendHello() {
    LinkSession current = current();
    current.onHello(clock.nanoTime() + config.helloTimeout().toNanos());
    Hello.Builder hello =
        Hello.newBuilder()
            .setAgent(config.source().agent())
            .setIncarnation(config.source().incarnation())
            .setMaxFrameBytes(config.maxFrame().intBytes())
            .setSoftware(config.software());
    transmitter.describe(hello);
    current
        .connection()
        .send(Request.newBuilder().setVersion(FrameCodec.VERSION).setHello(hello).build());
    return SenderState.HELLO;
  }

  /// The work of a welcome.
  void resume(Welcome welcome) {
    long nowNanos = clock.nanoTime();
    LinkSession current = current();
    current.onWelcome(welcome, config.maxFrame().bytes(), nowNanos);
    transmitter.resume(welcome, current.durability());
    reconnect.onWelcomed(nowNanos);
    targets.onWelcomed();
    counters.sessions++;
  }

  /// Does what the event is about, then sends on if told to, and says where that leads.
  private SenderState flow(Runnable work, boolean isPumping) {
    work.run();
    boolean isDraining = machine.state() == SenderState.DRAIN;
    if (isPumping && (!isDraining || isStopping)) {
      transmitter.pump(current(), clock.nanoTime());
      if (transmitter.hasBacklog() && !transmitter.isLimited() && !transmitter.isHeld()) {
        mailbox.nudge();
      }
    } else if (!isPumping && !isDraining && transmitter.isHeld()) {
      mailbox.nudge(); // An ack may have made room for what is late.
    }
    return isDraining ? drained() : landing();
  }

  private SenderState landing() {
    return SenderMachine.landing(
        transmitter.window().inFlightBytes(), transmitter.hasBacklog(), transmitter.isLimited());
  }

  /// Ends a drain that has nothing left to wait for; only where the table lets it end.
  private SenderState drained() {
    boolean hasMore =
        transmitter.window().inFlightBytes() > 0 || (isStopping && transmitter.hasBacklog());
    if (hasMore || !machine.mustLand()) {
      return SenderState.DRAIN;
    }
    if (isStopping) {
      finish("drained");
      return SenderState.HALT;
    }
    return sendAway(LinkSender::nothing, 0);
  }

  private SenderState beginDrain(SenderEvent event, Runnable work) {
    work.run();
    boolean isLeft = transmitter.window().inFlightBytes() > 0;
    if (event == SenderEvent.STOP) {
      if (isLeft || transmitter.hasBacklog()) {
        return SenderState.DRAIN;
      }
      finish("stop");
      return SenderState.HALT;
    }
    return isLeft ? SenderState.DRAIN : sendAway(LinkSender::nothing, 0);
  }

  /// The core asks to go: in `millis` at the latest, perhaps elsewhere.
  void onSentAway(String redirect, long millis) {
    standing.sentAway(
        redirect.isEmpty()
            ? "The core is shutting down."
            : "The core sends its clients to " + redirect + ".");
    drainNanos = clock.nanoTime() + millis * 1_000_000;
    targets.onRedirect(redirect);
  }

  /// The core refuses for now.
  void onBusy(String detail, long millis) {
    standing.lost("The core is busy: " + detail);
    retryNanos = millis * 1_000_000;
    targets.onFailed();
  }

  private SenderState ping() {
    current().ping(clock.nanoTime());
    return machine.state();
  }

  private SenderState sendAway(Runnable work, long toldNanos) {
    work.run();
    finish(standing.reason());
    counters.reconnects++;
    return retryAfter(reconnect.onSentAway(clock.nanoTime(), toldNanos));
  }

  private SenderState yieldToNewer() {
    standing.lost("A newer session of the same agent took over.");
    abort(standing.reason());
    counters.reconnects++;
    long delayNanos = reconnect.onSuperseded(clock.nanoTime());
    if (delayNanos < 0) {
      halt(
          ErrorCode.DUPLICATE_IDENTITY,
          "Two live agents use the identity " + config.source() + ".");
      return SenderState.HALT;
    }
    return retryAfter(delayNanos);
  }

  private SenderState lose(String why) {
    boolean wasWelcome = session != null && session.isWelcome();
    standing.lost(why);
    abort(why);
    counters.reconnects++;
    if (!wasWelcome) {
      targets.onFailed();
    }
    return retryAfter(reconnect.onLost(clock.nanoTime()));
  }

  /// Plans the next attempt. An ending sender makes one only if it still has something to say.
  private SenderState retryAfter(long delayNanos) {
    dialNanos = clock.nanoTime() + delayNanos;
    retryNanos = delayNanos;
    boolean isOver = isStopping && (isStopDue() || transmitter.isSettled());
    return isOver ? SenderState.HALT : SenderState.BACKOFF;
  }

  private void abort(String why) {
    if (session != null) {
      session.connection().abort(why);
      session = null;
    }
    transmitter.forgetInFlight();
  }

  /// Says goodbye, if there is anyone to say it to.
  private void finish(String why) {
    if (session != null) {
      if (session.isWelcome()) {
        Bye bye = Bye.newBuilder().setReason(why).build();
        Request request = Request.newBuilder().setVersion(FrameCodec.VERSION).setBye(bye).build();
        session.connection().send(request);
      }
      session.connection().finish();
      letGo();
      leaving = session.connection();
      session = null;
    }
    transmitter.forgetInFlight();
  }

  /// Cuts a connection that is still saying goodbye.
  void letGo() {
    if (leaving != null) {
      leaving.leave();
      leaving = null;
    }
  }

  /// Why a welcome shows that the identity is used twice.
  String foreign(SenderEvent event) {
    return event == SenderEvent.WELCOME_AHEAD
        ? "The core holds frames of "
            + config.source()
            + " that this spool never numbered: the spool is a copy, was copied, or was restored."
        : "The core holds another frame of "
            + config.source()
            + " than this spool under the same number: the spool is a copy, or was copied. Nothing"
            + " was removed from it.";
  }

  /// Notes why the link will halt.
  void halt(ErrorCode code, String detail) {
    standing.halting(code, detail);
  }

  /// The connection is gone.
  ///
  /// @param refused see [CarrierListener#onDown]
  void onDown(String why, @Nullable WeirException refused) {
    standing.down(why, refused);
    step(SenderEvent.TRANSPORT_DOWN);
  }

  /// The owner wants an end by a time; of two ends the earlier one holds.
  void onStop(long deadlineNanos) {
    stopNanos = isStopping ? Math.min(stopNanos, deadlineNanos) : deadlineNanos;
    isStopping = true;
  }

  /// Pursues an end that the owner wants; called in each turn.
  ///
  /// @return whether it is reached
  boolean isStopped() {
    if (!isStopping) {
      return false;
    }
    boolean isDue = isStopDue();
    switch (machine.state()) {
      case DRAIN -> {
        if (isDue) {
          step(SenderEvent.DRAIN_DEADLINE);
        }
      }
      case OPEN, FULL -> step(SenderEvent.STOP);
      case BACKOFF, CONNECT, HELLO, IDLE -> {
        if (isDue || transmitter.isSettled()) {
          step(SenderEvent.STOP);
        }
      }
      case HALT -> {}
    }
    return machine.state() == SenderState.HALT;
  }

  private boolean isStopDue() {
    return clock.nanoTime() - stopNanos >= 0;
  }

  boolean isStopping() {
    return isStopping;
  }

  /// How long until the next attempt, or on a session the next beat, is due.
  long dueNanos(long nowNanos) {
    if (session != null) {
      return session.beatDueNanos(nowNanos);
    }
    return machine.state() == SenderState.BACKOFF ? dialNanos - nowNanos : Long.MAX_VALUE;
  }

  boolean isDialDue(long nowNanos) {
    return machine.state() == SenderState.BACKOFF && nowNanos - dialNanos >= 0;
  }

  /// Whether the core's time for a drain is over.
  boolean isDrainOver(long nowNanos) {
    return machine.state() == SenderState.DRAIN && !isStopping && nowNanos - drainNanos >= 0;
  }

  SenderState state() {
    return machine.state();
  }

  @Nullable LinkSession session() {
    return session;
  }

  private LinkSession current() {
    if (session == null) {
      throw new IllegalStateException("there is no connection in " + machine.state());
    }
    return session;
  }

  /// What the listener was told last.
  LinkState shown() {
    return standing.shown();
  }

  /// Ends after a fault of our own: whatever state the machine is in.
  void fail(ErrorCode code, String detail) {
    abort(detail);
    standing.failed(code, detail);
  }
}
