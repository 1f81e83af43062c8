package dev.weir.link;

import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.flow.LaneLedger;
import dev.weir.flow.SenderEvent;
import dev.weir.flow.SenderState;
import dev.weir.proto.Credit;
import dev.weir.proto.DictionaryAnswer;
import dev.weir.proto.GoAway;
import dev.weir.proto.Heartbeat;
import dev.weir.proto.LaneAck;
import dev.weir.proto.Nack;
import dev.weir.proto.Reject;
import dev.weir.proto.Response;
import dev.weir.proto.Welcome;
import org.jspecify.annotations.Nullable;

/// Turns what the core says into events of the sender's machine: judged first, never trusted. Owned
/// by the link's duty thread.
final class CoreAnswers {
  private static final long MAX_TOLD_MILLIS = 600_000;

  private final LinkSender sender;
  private final Transmitter transmitter;
  private final LinkCounters counters;
  private final Clock clock;

  CoreAnswers(LinkSender sender, Transmitter transmitter, LinkCounters counters, Clock clock) {
    this.sender = sender;
    this.transmitter = transmitter;
    this.counters = counters;
    this.clock = clock;
  }

  void on(LinkSession session, Response response) {
    switch (response.getResponseCase()) {
      case WELCOME -> onWelcome(response.getWelcome());
      case LANE_ACK -> onAck(session, response.getLaneAck());
      case NACK -> onNack(session, response.getNack());
      case CREDIT -> onCredit(response.getCredit());
      case HEARTBEAT -> onHeartbeat(session, response.getHeartbeat());
      case GO_AWAY -> onGoAway(response.getGoAway());
      case REJECT -> onReject(response.getReject());
      case DICTIONARY_ACCEPTED -> onDictionary(response.getDictionaryAccepted());
      case ACK, INFO -> sender.step(SenderEvent.ANSWER_IMPOSSIBLE); // Of version 1.
      case RESPONSE_NOT_SET -> {} // Of a later version: nothing that we asked for.
    }
  }

  private void onWelcome(Welcome welcome) {
    SenderEvent event = transmitter.judge(welcome);
    if (event == SenderEvent.SPOOL_UNREADABLE) {
      // Not for good: nothing may be settled before it is known whose frames the core holds.
      sender.onDown("The frame that the core holds cannot be read from the spool now.", null);
      return;
    }
    sender.step(
        event,
        () -> {
          if (event == SenderEvent.WELCOME) {
            sender.resume(welcome);
          } else {
            sender.halt(ErrorCode.DUPLICATE_IDENTITY, sender.foreign(event));
          }
        });
  }

  private void onAck(LinkSession session, LaneAck ack) {
    if (sender.state() == SenderState.HELLO) {
      sender.step(SenderEvent.ANSWER_IMPOSSIBLE);
      return;
    }
    long nowNanos = clock.nanoTime();
    switch (transmitter.judge(ack, nowNanos)) {
      case PROGRESS -> {
        session.onProgress(nowNanos);
        sender.step(SenderEvent.ACK, () -> transmitter.settle(ack, session.durability()));
      }
      case STALE -> sender.step(SenderEvent.ANSWER_STALE);
      case IMPOSSIBLE -> sender.step(SenderEvent.ANSWER_IMPOSSIBLE);
    }
  }

  private void onNack(LinkSession session, Nack nack) {
    switch (nack.getReason()) {
      case NACK_REASON_INVALID, NACK_REASON_TOO_LARGE ->
          onRefused(nack, LinkStatus.refusal(nack.getReason()));
      case NACK_REASON_UNKNOWN_DICTIONARY -> onUnknownDictionary(session, nack);
      case NACK_REASON_NOT_STORED, NACK_REASON_OVERFLOW ->
          step(SenderEvent.NACK_NOT_STORED, transmitter.rewind(nack, true));
      case NACK_REASON_UNSPECIFIED, UNRECOGNIZED -> sender.step(SenderEvent.ANSWER_IMPOSSIBLE);
    }
  }

  private void onRefused(Nack nack, ErrorCode code) {
    @Nullable LaneSource source = transmitter.source(nack.getLane());
    LaneLedger.Answer answer = transmitter.judgeRefusal(nack);
    if (answer == LaneLedger.Answer.PROGRESS && source != null) {
      sender.step(
          SenderEvent.NACK_REFUSED,
          () -> {
            counters.refusedFrames++;
            source.refused(nack.getSequence(), code, nack.getDetail());
          });
    } else {
      step(SenderEvent.NACK_REFUSED, answer);
    }
  }

  /// A core that wants a dictionary for a frame without one would want it for ever: the connection
  /// ends, so that it is asked again at the pace of the back-off.
  private void onUnknownDictionary(LinkSession session, Nack nack) {
    LaneLedger.Answer answer = transmitter.rewind(nack, false);
    if (answer != LaneLedger.Answer.PROGRESS) {
      step(SenderEvent.NACK_UNKNOWN_DICTIONARY, answer);
      return;
    }
    boolean[] isKnown = {true};
    sender.step(
        SenderEvent.NACK_UNKNOWN_DICTIONARY,
        () -> isKnown[0] = transmitter.onUnknownDictionary(session, nack));
    if (!isKnown[0]) {
      sender.onDown("The core does not know the dictionary of a frame: " + nack.getDetail(), null);
    }
  }

  private void onDictionary(DictionaryAnswer answer) {
    try {
      sender.step(
          SenderEvent.DICTIONARY_ACCEPTED, () -> transmitter.dictionaries().onAnswer(answer));
    } catch (WeirException _) {
      sender.step(SenderEvent.ANSWER_IMPOSSIBLE); // What was fetched is no dictionary.
    }
  }

  private void step(SenderEvent progress, LaneLedger.Answer answer) {
    switch (answer) {
      case PROGRESS -> sender.step(progress);
      case STALE -> sender.step(SenderEvent.ANSWER_STALE);
      case IMPOSSIBLE -> sender.step(SenderEvent.ANSWER_IMPOSSIBLE);
    }
  }

  private void onCredit(Credit credit) {
    sender.step(SenderEvent.CREDIT, () -> transmitter.window().onCredit(credit.getLimitBytes()));
  }

  private void onHeartbeat(LinkSession session, Heartbeat heartbeat) {
    if (!session.isWelcome()) {
      return; // Nothing was sent yet that it could judge.
    }
    counters.heartbeatsHeard++;
    switch (session.onHeartbeat(heartbeat, clock.nanoTime())) {
      case MOVING, SUSPECT -> {}
      case STALLED -> sender.step(SenderEvent.STALLED);
      case IMPOSSIBLE -> sender.step(SenderEvent.ANSWER_IMPOSSIBLE);
    }
  }

  private void onGoAway(GoAway goAway) {
    sender.step(
        SenderEvent.GO_AWAY,
        () -> sender.onSentAway(goAway.getRedirect(), millis(goAway.getDrainMillis())));
  }

  private void onReject(Reject reject) {
    switch (reject.getReason()) {
      case REJECT_REASON_UNAUTHENTICATED -> fatal(ErrorCode.UNAUTHENTICATED, reject);
      case REJECT_REASON_INCOMPATIBLE -> fatal(ErrorCode.UNSUPPORTED_VERSION, reject);
      case REJECT_REASON_REDIRECT ->
          sender.step(
              SenderEvent.REJECT_REDIRECT,
              () -> {
                sender.onSentAway(reject.getRedirect(), 0);
                if (reject.getRedirect().isEmpty()) {
                  sender.onBusy(reject.getDetail(), 0);
                }
              });
      case REJECT_REASON_SUPERSEDED -> sender.step(SenderEvent.REJECT_SUPERSEDED);
      case REJECT_REASON_BUSY, REJECT_REASON_UNSPECIFIED, UNRECOGNIZED ->
          sender.step(
              SenderEvent.REJECT_BUSY,
              () -> sender.onBusy(reject.getDetail(), millis(reject.getRetryAfterMillis())));
    }
  }

  private void fatal(ErrorCode code, Reject reject) {
    sender.step(SenderEvent.REJECT_FATAL, () -> sender.halt(code, reject.getDetail()));
  }

  private static long millis(int told) {
    return Math.min(Integer.toUnsignedLong(told), MAX_TOLD_MILLIS);
  }
}
