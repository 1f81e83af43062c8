package dev.weir.link;

import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.flow.SenderEvent;
import dev.weir.flow.SenderState;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A link's duty thread, `weir-link-AGENT`: takes events, looks at the time, sends, sleeps.
///
/// It alone touches everything behind it. It sleeps for a tick while something is on its way, and
/// until the next beat or attempt is due while nothing is; never longer than its clock allows, so
/// that one that is stepped by hand works like one that runs.
final class LinkDuty implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(LinkDuty.class);

  /// Events taken before the time is looked at again.
  private static final int EVENTS_PER_TURN = 256;

  /// 20 ms: no deadline here is shorter than 100 ms.
  private static final long TICK_NANOS = 20_000_000;

  private final Mailbox<LinkEvent> mailbox;
  private final Clock clock;
  private final LinkSender sender;
  private final CoreAnswers answers;
  private final Transmitter transmitter;
  private final LinkCounters counters;
  private final LinkPulse pulse;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile LinkStats stats;
  private volatile boolean isSettled;
  private boolean isBroken;

  LinkDuty(
      Mailbox<LinkEvent> mailbox,
      Clock clock,
      LinkSender sender,
      CoreAnswers answers,
      Transmitter transmitter,
      LinkCounters counters,
      LinkPulse pulse) {
    this.mailbox = mailbox;
    this.clock = clock;
    this.sender = sender;
    this.answers = answers;
    this.transmitter = transmitter;
    this.counters = counters;
    this.pulse = pulse;
    this.stats = snapshot();
  }

  LinkStats stats() {
    return stats;
  }

  /// Whether everything was acked when the thread ended.
  boolean isSettled() {
    return isSettled;
  }

  CountDownLatch ended() {
    return ended;
  }

  @Override
  public void run() {
    try {
      while (!turn()) {
        if (Thread.interrupted()) {
          sender.onStop(clock.nanoTime());
        }
      }
    } finally {
      sender.letGo();
      isSettled = !isBroken && transmitter.isSettled();
      stats = snapshot();
      ended.countDown();
    }
  }

  /// One turn.
  ///
  /// @return whether it was the last
  private boolean turn() {
    if (isBroken) {
      return waitForStop();
    }
    try {
      boolean hasWorked = takeEvents();
      long nowNanos = clock.nanoTime();
      hasWorked |= lookAtTime(nowNanos);
      if (pulse.onTurn(nowNanos)) {
        stats = snapshot();
      }
      if (mailbox.takeNudge()) {
        hasWorked = true;
        sender.step(SenderEvent.SPOOL_READY);
      }
      if (sender.isStopped()) {
        return true;
      }
      if (!hasWorked) {
        stats = snapshot();
        waitForWork();
      }
      return false;
    } catch (RuntimeException e) {
      breakDown(e);
      return false;
    }
  }

  /// Sleeping is what a reason is charged for; everything else this thread does is its own work.
  private void waitForWork() {
    long nowNanos = clock.nanoTime();
    transmitter.window().onWait(nowNanos);
    mailbox.await(sleepNanos(nowNanos));
    transmitter.window().onWork(clock.nanoTime());
  }

  /// How long nothing is due unless an event comes. Only the two states in which a link spends its
  /// life without work are looked into; in all others it ticks.
  long sleepNanos(long nowNanos) {
    boolean isQuiet =
        !sender.isStopping()
            && switch (sender.state()) {
              case BACKOFF, HALT -> true;
              case IDLE -> transmitter.inFlightFrames() == 0 && !transmitter.hasBacklog();
              case CONNECT, HELLO, OPEN, FULL, DRAIN -> false;
            };
    if (!isQuiet) {
      return TICK_NANOS;
    }
    long dueNanos = Math.min(pulse.dueNanos(nowNanos), sender.dueNanos(nowNanos));
    return Math.clamp(dueNanos, 1, Math.max(1, clock.maxSleepNanos()));
  }

  private boolean takeEvents() {
    for (int i = 0; i < EVENTS_PER_TURN; i++) {
      @Nullable LinkEvent event = mailbox.poll();
      if (event == null) {
        return i > 0;
      }
      take(event);
    }
    return true;
  }

  private void take(LinkEvent event) {
    switch (event) {
      case LinkEvent.Offer offer ->
          transmitter.dictionaries().offer(offer.dictionary(), offer.dataClass());
      case LinkEvent.Fetch fetch -> {
        @Nullable LinkSession session = sender.session();
        if (session != null && session.isWelcome()) {
          transmitter.dictionaries().fetch(session, fetch.offer());
        }
      }
      case LinkEvent.Stop stop -> sender.onStop(stop.deadlineNanos());
      case LinkEvent.Writable writable -> {
        if (isCurrent(writable.connection())) {
          boolean isNews = writable.connection().onWritable();
          sender.step(isNews ? SenderEvent.TRANSPORT_UP : SenderEvent.TRANSPORT_WRITABLE);
        }
      }
      case LinkEvent.Received received -> {
        @Nullable LinkSession session = sender.session();
        if (session != null && session.connection() == received.connection()) {
          received.connection().onTaken(received.cost());
          answers.on(session, received.response());
        }
      }
      case LinkEvent.Down down -> {
        if (isCurrent(down.connection())) {
          sender.onDown(down.reason(), down.refusal());
        }
      }
    }
  }

  private boolean isCurrent(Connection connection) {
    @Nullable LinkSession session = sender.session();
    return session != null && session.connection() == connection;
  }

  private boolean lookAtTime(long nowNanos) {
    if (sender.isDialDue(nowNanos)) {
      sender.step(SenderEvent.BACKOFF_ELAPSED);
      return true;
    }
    @Nullable LinkSession session = sender.session();
    if (session == null) {
      return false;
    }
    if (session.isOverdue(nowNanos)) {
      boolean isHello = sender.state() == SenderState.HELLO;
      sender.step(isHello ? SenderEvent.HELLO_TIMEOUT : SenderEvent.LIVENESS_TIMEOUT);
      return true;
    }
    if (sender.isDrainOver(nowNanos)) {
      sender.step(SenderEvent.DRAIN_DEADLINE);
      return true;
    }
    if (session.isWelcome() && transmitter.dictionaries().hasNews()) {
      sender.step(
          SenderEvent.DICTIONARY_TRAINED, () -> transmitter.dictionaries().publishOffers(session));
    }
    return session.isWelcome() && lookAtPeer(session, nowNanos);
  }

  private boolean lookAtPeer(LinkSession session, long nowNanos) {
    if (session.isBeatDue(nowNanos)) {
      if (session.isSilent()) {
        counters.heartbeatsMissed++;
      }
      if (session.beat(nowNanos)) {
        sender.step(SenderEvent.LIVENESS_TIMEOUT);
      } else {
        counters.heartbeats++;
      }
      return true;
    }
    long oldestNanos = transmitter.oldestSentNanos();
    long timeoutNanos = transmitter.ackTimeout().nanos();
    if (oldestNanos == Long.MAX_VALUE || !session.isAckLate(oldestNanos, nowNanos, timeoutNanos)) {
      return false;
    }
    sender.step(session.isPinged() ? SenderEvent.ACK_TIMEOUT_AGAIN : SenderEvent.ACK_TIMEOUT);
    return true;
  }

  /// A source that throws, or a bug of ours: the link rests, and says why, until it is closed.
  private void breakDown(RuntimeException fault) {
    isBroken = true;
    ErrorCode code = fault instanceof WeirException known ? known.code() : ErrorCode.BUG;
    LOG.error("The link to {} stopped: {}", sender.shown(), code.label(), fault);
    sender.fail(code, String.valueOf(fault.getMessage()));
    stats = snapshot();
  }

  private boolean waitForStop() {
    @Nullable LinkEvent event = mailbox.poll();
    if (event == null) {
      mailbox.await(TICK_NANOS);
    }
    return event instanceof LinkEvent.Stop;
  }

  private LinkStats snapshot() {
    @Nullable LinkSession session = sender.session();
    return new LinkStats(
        sender.shown(),
        session == null ? "" : session.connection().target().toString(),
        transmitter.window().windowBytes(),
        session == null ? 0 : transmitter.window().inFlightBytes(),
        transmitter.inFlightFrames(),
        Math.max(0, transmitter.window().creditLimitBytes() - transmitter.window().sentBytes()),
        transmitter.ackTimeout().smoothedRttNanos() / 1_000,
        counters.commitMicros,
        transmitter.window().figures(),
        pulse.ackedBytesPerSecond(),
        transmitter.window().limitedBy(),
        pulse.limits(),
        counters.sessions,
        counters.reconnects,
        counters.heartbeats,
        counters.heartbeatsHeard,
        counters.heartbeatsMissed,
        counters.sentFrames,
        counters.sentBytes,
        counters.resentFrames,
        counters.ackedFrames,
        counters.ackedBytes,
        counters.refusedFrames,
        counters.skippedFrames,
        counters.protocolErrors,
        counters.publishedDictionaries,
        counters.recodedFrames);
  }
}
