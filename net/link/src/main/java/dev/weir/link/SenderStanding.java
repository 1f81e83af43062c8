package dev.weir.link;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.flow.SenderState;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How a sender stands and why, in the words of [LinkState]; its listener is told of each change,
/// once. Owned by the link's duty thread.
final class SenderStanding {
  private final LinkListener listener;
  private LinkState shown;
  private String reason = "";

  /// Why the core did not let this end in at the last attempt; null unless it said so.
  private @Nullable WeirException refusal;

  /// Whether the core ended the last session in order.
  private boolean isSentAway;

  /// Why it gave up for good; null unless it did.
  private @Nullable ErrorCode haltCode;

  SenderStanding(LinkListener listener, LinkState first) {
    this.listener = listener;
    this.shown = first;
  }

  /// What the listener was told last.
  LinkState shown() {
    return shown;
  }

  /// Why there is no session, or there will be none soon.
  String reason() {
    return reason;
  }

  /// A new attempt: what was refused before counts no more.
  void dialing() {
    refusal = null;
  }

  /// The core asks to go, in order.
  void sentAway(String why) {
    isSentAway = true;
    reason = why;
  }

  /// The session ends, or could not begin, by a fault or because there is a newer one.
  void lost(String why) {
    isSentAway = false;
    reason = why;
  }

  /// The connection is gone.
  ///
  /// @param refused see [CarrierListener#onDown]
  void down(String why, @Nullable WeirException refused) {
    reason = why;
    refusal = refused;
  }

  /// It will halt.
  void halting(ErrorCode code, String why) {
    haltCode = code;
    reason = why;
  }

  /// Tells the listener, if something has changed.
  ///
  /// @param session the one in [SenderState#CONNECT] and behind it
  /// @param retryNanos between the last session and the next attempt
  void show(SenderState state, @Nullable LinkSession session, long retryNanos) {
    LinkState next =
        switch (state) {
          case BACKOFF -> waiting(Duration.ofNanos(retryNanos));
          case CONNECT, HELLO -> new LinkState.Connecting(of(session).connection().target());
          case IDLE, OPEN, FULL ->
              new LinkState.Ready(of(session).connection().target(), of(session).node());
          case DRAIN -> new LinkState.Draining();
          case HALT ->
              haltCode == null ? new LinkState.Closed() : new LinkState.Halted(haltCode, reason);
        };
    if (!next.equals(shown)) {
      tell(next);
    }
  }

  private static LinkSession of(@Nullable LinkSession session) {
    if (session == null) {
      throw new IllegalStateException("there is no connection");
    }
    return session;
  }

  private LinkState waiting(Duration delay) {
    return isSentAway
        ? new LinkState.SentAway(reason, delay)
        : new LinkState.BackingOff(reason, refusal, delay);
  }

  /// Ended after a fault of our own.
  void failed(ErrorCode code, String detail) {
    tell(new LinkState.Halted(code, detail));
  }

  private void tell(LinkState state) {
    shown = state;
    listener.state(state);
  }
}
