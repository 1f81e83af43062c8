package dev.weir.link;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.flow.Machine;
import dev.weir.flow.ReceiverAction;
import dev.weir.flow.ReceiverEvent;
import dev.weir.flow.ReceiverMachine;
import dev.weir.flow.ReceiverState;
import dev.weir.message.StoredLane;
import dev.weir.proto.DictionaryPublication;
import dev.weir.proto.Frame;
import dev.weir.proto.GoAway;
import dev.weir.proto.Reject;
import dev.weir.proto.RejectReason;
import dev.weir.proto.Request;
import dev.weir.proto.Response;
import io.netty.util.concurrent.EventExecutor;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/// A stream of version 2: the owner of its machine.
///
/// Problem: an ack must mean durable, each sequence must be stored once, and a client must learn
/// what to send again, while stores fail, newer sessions take over and clients lie. Idea:
/// [ReceiverMachine] decides; [FrameIntake] judges frames and keeps the credit, [ReceiverLane] the
/// sequences, [SessionBeats] the life of the connection; this class performs.
///
/// The store answers on its own threads: outcomes are queued, and one task on the loop takes all
/// that have gathered, so that a group commit leads to one ack a lane. The queue is bounded by the
/// frames that the intake lets in.
///
/// Owned by the event loop of its connection; other threads only call [#onOutcome], [#supersede].
final class FramedSession implements RequestHandler {
  /// Requests asked for at once: deep enough that the loop never waits for the transport's own
  /// bookkeeping.
  private static final int REQUESTED = 64;

  private static final long BUSY_RETRY_MILLIS = 1_000;

  private final ServerContext context;
  private final Outbound out;
  private final EventExecutor loop;
  private final Machine<ReceiverState, ReceiverEvent, ReceiverAction> machine;
  private final FrameIntake intake;
  private final SessionDictionaries dictionaries;
  private final SessionBeats beats;
  private final LaneOpening opening;
  private final Queue<PendingFrame> outcomes = new MpscUnboundedVarHandleArrayQueue<>(256);
  private final AtomicBoolean isTaskQueued = new AtomicBoolean();
  private @Nullable SessionHello hello;
  private String fault = "";
  private int takenRequests;
  private boolean isWelcome;
  private boolean isAckOwed;
  private boolean isByeSaid;
  private long drainNanos;

  FramedSession(ServerContext context, Outbound out, EventExecutor loop) {
    this.context = context;
    this.out = out;
    this.loop = loop;
    this.machine =
        new Machine<>(ReceiverMachine.TABLE, context.flow().receiver(), ReceiverState.NEW);
    this.dictionaries = new SessionDictionaries(context, this, out, loop);
    this.intake = new FrameIntake(context, this, out, loop, dictionaries);
    this.beats = new SessionBeats(context, out);
    this.opening =
        new LaneOpening(context, intake, loop, machine::state, this::onFault, this::askForMore);
    out.request(REQUESTED);
  }

  @Override
  public void onRequest(Request request) {
    takenRequests++;
    askForMore();
    if (request.getVersion() != FrameCodec.VERSION) {
      onFault("The version changed within the stream.");
      return;
    }
    switch (request.getPayloadCase()) {
      case HELLO -> onHello(request);
      case FRAME -> onFrame(request.getFrame());
      case HEARTBEAT -> {
        if (isWelcome) {
          onVerdict(beats.onHeartbeat(request.getHeartbeat(), intake));
        }
      }
      case DICTIONARY -> onDictionary(request.getDictionary());
      case BYE -> onBye();
      case PLAIN_MESSAGE, ZSTD_COMPRESSED ->
          onFault("A single message came on a stream of frames.");
      case PAYLOAD_NOT_SET -> {} // Of a later version: nothing that was promised here.
    }
  }

  private void askForMore() {
    if (takenRequests >= REQUESTED / 2 && !opening.isBusy()) {
      out.request(takenRequests);
      takenRequests = 0;
    }
  }

  /// Raises an event that carries nothing.
  void step(ReceiverEvent event) {
    step(event, FramedSession::nothing);
  }

  private static void nothing() {
    // The event says it all.
  }

  /// Raises an event; the rules are those of the sender's steps.
  ///
  /// @param work what is done with its data, if the table has it done
  void step(ReceiverEvent event, Runnable work) {
    ReceiverState landed = perform(machine.on(event), event, work);
    if (machine.mustLand()) {
      machine.land(landed);
    }
    if (machine.state() == ReceiverState.CLOSED) {
      close();
    }
  }

  private ReceiverState perform(ReceiverAction action, ReceiverEvent event, Runnable work) {
    return switch (action) {
      case IGNORE, STOP_GRANTING -> machine.state();
      case FENCE_AND_LOAD, WELCOME, ENQUEUE, SUSPEND -> ran(work);
      case ACK_AGAIN, NACK_NOT_STORED, NACK_OVERFLOW, NACK_UNKNOWN_DICTIONARY -> ran(work);
      case NACK_INVALID -> {
        work.run();
        yield intake.isHopeless() ? ended("Three bad frames in a row.") : machine.state();
      }
      case ACK -> acked();
      case ACK_AND_GRANT -> {
        isAckOwed = true;
        yield granted();
      }
      case GRANT -> granted();
      case REJECT_HELLO -> reject(RejectReason.REJECT_REASON_INCOMPATIBLE, fault, 0);
      case REJECT_BUSY -> reject(RejectReason.REJECT_REASON_BUSY, fault, BUSY_RETRY_MILLIS);
      case REJECT_REDIRECT ->
          reject(RejectReason.REJECT_REASON_BUSY, "The node shuts down.", BUSY_RETRY_MILLIS);
      case REJECT_SUPERSEDED -> superseded();
      case FINISH -> drained();
      case GO_AWAY -> ran(work);
      case GO_AWAY_AND_CLOSE -> {
        goAway();
        yield ended();
      }
      case CLOSE -> closed(event);
      case PROTOCOL_ERROR -> {
        context.counters().protocolErrors.increment();
        yield ended(fault.isEmpty() ? event.meaning() : fault);
      }
      case STORE_DICTIONARY, REFUSE_DICTIONARY -> ran(work);
    };
  }

  /// Runs the work, and stays or goes to where the queue says.
  private ReceiverState ran(Runnable work) {
    work.run();
    ReceiverState state = machine.state();
    boolean isOpening = state == ReceiverState.RESUME || state == ReceiverState.OPEN;
    return isOpening ? ReceiverMachine.landing(intake.isHigh()) : state;
  }

  private void onHello(Request request) {
    if (machine.state() != ReceiverState.NEW) {
      step(ReceiverEvent.HELLO);
      return;
    }
    try {
      SessionHello parsed = SessionHello.parse(request.getHello());
      hello = parsed;
      if (context.openStreams().get() > context.config().maxSessions()) {
        fault = "All " + context.config().maxSessions() + " streams are taken.";
        context.counters().rejected.increment();
        step(ReceiverEvent.QUOTA_EXCEEDED);
        return;
      }
      step(ReceiverEvent.HELLO, () -> fenceAndLoad(parsed));
    } catch (IllegalArgumentException e) {
      fault = "The hello is not valid: " + e.getMessage() + ".";
      context.counters().rejected.increment();
      step(ReceiverEvent.HELLO_BAD);
    }
  }

  /// The newest session of a sender is the one that counts. The older one is closed before the
  /// store is asked, so that nothing of it arrives behind the answer.
  private void fenceAndLoad(SessionHello parsed) {
    intake.join();
    FramedSession older = context.sessions().claim(parsed.source(), this);
    if (older == null) {
      load(parsed);
    } else {
      older.supersede(() -> Loops.execute(loop, () -> load(parsed)));
    }
  }

  private void load(SessionHello parsed) {
    CompletableFuture<List<StoredLane>> _ =
        parsed
            .load(context.store())
            .whenComplete(
                (stored, failure) -> Loops.execute(loop, () -> onLoaded(parsed, stored, failure)));
  }

  private void onLoaded(
      SessionHello parsed, @Nullable List<StoredLane> stored, @Nullable Throwable failure) {
    if (stored != null) {
      step(ReceiverEvent.LANES_LOADED, () -> welcome(parsed, stored));
    } else if (failure != null) {
      onStoreError(LinkStatus.fault(failure));
    }
  }

  private void welcome(SessionHello parsed, List<StoredLane> stored) {
    isWelcome = true;
    context.counters().sessions.increment();
    long nowNanos = context.clock().nanoTime();
    beats.begin(nowNanos);
    Response.Builder response = Response.newBuilder();
    response.setWelcome(
        parsed.welcome(
            stored,
            context,
            context.sessionNumbers().incrementAndGet(),
            intake.open(parsed, stored)));
    out.send(response, FrameCodec.VERSION);
  }

  private void onFrame(Frame frame) {
    if (!isWelcome && machine.state() != ReceiverState.CLOSED) {
      step(ReceiverEvent.FRAME_NEXT); // Before the welcome: a protocol error.
      return;
    }
    SessionHello known = hello;
    if (machine.state() != ReceiverState.CLOSED && known != null) {
      opening.take(known, frame);
    }
  }

  private void onDictionary(DictionaryPublication publication) {
    SessionHello known = hello;
    if (!isWelcome || known == null) {
      step(ReceiverEvent.DICTIONARY_OFFERED); // Before the welcome: a protocol error.
      return;
    }
    dictionaries.on(publication, known.source().agent());
    if (dictionaries.isHopeless()) {
      onFault("Three bad dictionaries in a row.");
    }
  }

  private void onFault(String what) {
    fault = what;
    step(ReceiverEvent.HELLO_BAD);
  }

  /// An outcome of the store; any thread.
  void onOutcome(PendingFrame frame) {
    outcomes.add(frame);
    schedule();
  }

  /// Has acks and grants sent once what is at hand is dealt with.
  void oweAck() {
    isAckOwed = true;
    schedule();
  }

  private void schedule() {
    if (!isTaskQueued.getAndSet(true)) {
      Loops.execute(loop, this::takeOutcomes);
    }
  }

  private void takeOutcomes() {
    isTaskQueued.set(false);
    long nowNanos = context.clock().nanoTime();
    int advanced = 0;
    WeirException failure = null;
    PendingFrame frame = outcomes.poll();
    while (frame != null) {
      advanced += intake.finish(frame, nowNanos);
      if (frame.failure != null && !frame.isDone && !frame.isVoid) {
        failure = failure == null ? frame.failure : failure;
      }
      frame = outcomes.poll();
    }
    if (advanced > 0) {
      step(ReceiverEvent.COMMITTED);
    }
    if (failure != null) {
      onStoreError(failure);
    }
    settle();
  }

  private void onStoreError(WeirException failure) {
    fault = failure.explanation();
    step(ReceiverEvent.STORE_ERROR, () -> intake.suspend(failure, context.clock().nanoTime()));
  }

  /// Sends what is owed, as far as the state and the client allow.
  void settle() {
    ReceiverState state = machine.state();
    if (state == ReceiverState.CLOSED) {
      return;
    }
    if (state == ReceiverState.FULL && intake.isLow()) {
      step(ReceiverEvent.QUEUE_LOW);
    } else if (state == ReceiverState.OPEN) {
      intake.grantIfDue();
    }
    if (isAckOwed && out.isReady()) {
      isAckOwed = false;
      intake.sendAcks();
    }
  }

  private ReceiverState acked() {
    isAckOwed = true;
    return machine.state() == ReceiverState.DRAIN ? drained() : machine.state();
  }

  private ReceiverState granted() {
    boolean isPaused = machine.state() == ReceiverState.FULL && !intake.isLow();
    if (!isPaused) {
      intake.grantIfDue();
    }
    return ReceiverMachine.landing(isPaused);
  }

  /// Ends a drained stream: everything is acked, and the client is gone or was told to go.
  private ReceiverState drained() {
    if (!intake.isSettled()) {
      return ReceiverState.DRAIN;
    }
    intake.sendAcks();
    return isByeSaid ? ended() : ReceiverState.DRAIN;
  }

  private void onBye() {
    isByeSaid = true;
    if (machine.state() != ReceiverState.DRAIN) {
      drainNanos = context.clock().nanoTime() + context.config().helloTimeout().toNanos();
    }
    step(ReceiverEvent.BYE);
  }

  private ReceiverState superseded() {
    context.counters().superseded.increment();
    return reject(
        RejectReason.REJECT_REASON_SUPERSEDED, "A newer session of this agent took over.", 0);
  }

  private ReceiverState reject(RejectReason reason, String detail, long retryMillis) {
    Reject.Builder reject =
        Reject.newBuilder()
            .setReason(reason)
            .setDetail(detail)
            .setRetryAfterMillis((int) retryMillis);
    out.send(Response.newBuilder().setReject(reject), FrameCodec.VERSION);
    return ended();
  }

  private ReceiverState ended(String why) {
    out.end(new WeirException(ErrorCode.MALFORMED, why));
    return ReceiverState.CLOSED;
  }

  private ReceiverState ended() {
    out.end();
    return ReceiverState.CLOSED;
  }

  private ReceiverState closed(ReceiverEvent event) {
    if (event == ReceiverEvent.LIVENESS_TIMEOUT || event == ReceiverEvent.STALLED) {
      out.end(new WeirException(ErrorCode.CONNECTION_LOST, event.meaning()));
    }
    return ended();
  }

  private void goAway() {
    long leftMillis = Math.max(0, (drainNanos - context.clock().nanoTime()) / 1_000_000);
    GoAway.Builder goAway = GoAway.newBuilder().setDrainMillis((int) leftMillis);
    out.send(Response.newBuilder().setGoAway(goAway), FrameCodec.VERSION);
  }

  private void onVerdict(SessionBeats.Verdict verdict) {
    switch (verdict) {
      case ALIVE -> {}
      case SILENT -> {
        context.counters().lost.increment();
        step(ReceiverEvent.LIVENESS_TIMEOUT);
      }
      case STALLED -> {
        context.counters().lost.increment();
        step(ReceiverEvent.STALLED);
      }
      case IMPOSSIBLE -> onFault("The heartbeat counts what was never sent.");
    }
  }

  @Override
  public void onTick(long nowNanos) {
    if (isWelcome && machine.state() != ReceiverState.CLOSED) {
      onVerdict(beats.onTick(nowNanos, intake));
    }
    if (machine.state() == ReceiverState.SUSPENDED && intake.isRecovered(nowNanos)) {
      step(ReceiverEvent.STORE_RECOVERED);
    }
    if (machine.state() == ReceiverState.DRAIN && nowNanos - drainNanos >= 0) {
      step(ReceiverEvent.DRAIN_DEADLINE);
    }
    intake.retry();
    settle();
  }

  @Override
  public void onReady() {
    settle();
  }

  @Override
  public void onHalfClosed() {
    if (!isByeSaid) {
      onBye();
    }
  }

  @Override
  public void onGone() {
    step(ReceiverEvent.TRANSPORT_DOWN);
  }

  @Override
  public void onDrain(long deadlineNanos) {
    drainNanos = deadlineNanos;
    step(ReceiverEvent.DRAIN_ORDERED, this::goAway);
  }

  /// A newer session of the same sender took over; any thread.
  ///
  /// @param then run once this one is closed
  void supersede(Runnable then) {
    Runnable work =
        () -> {
          step(ReceiverEvent.SUPERSEDED);
          then.run();
        };
    if (!Loops.execute(loop, work)) {
      then.run();
    }
  }

  private void close() {
    out.end();
    if (hello != null) {
      context.sessions().release(hello.source(), this);
    }
    if (isWelcome) {
      isWelcome = false;
      context.counters().sessions.decrement();
    }
    intake.close();
  }
}
