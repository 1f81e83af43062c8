package dev.weir.node;

import dev.weir.auth.AuthStats;
import dev.weir.base.ErrorCode;
import dev.weir.broker.PresenceStats;
import dev.weir.broker.RequestStats;
import java.util.List;
import java.util.function.Function;

/// The metrics of requests, of presence and of who is let in.
final class HubMeters {
  /// What a login may be refused for.
  private static final List<ErrorCode> LOGIN_CODES =
      List.of(
          ErrorCode.UNAUTHENTICATED,
          ErrorCode.CREDENTIALS_MISSING,
          ErrorCode.CREDENTIALS_EXPIRED,
          ErrorCode.CREDENTIALS_REVOKED,
          ErrorCode.LOGIN_PAUSED,
          ErrorCode.OVERLOADED,
          ErrorCode.QUOTA_EXCEEDED);

  private HubMeters() {}

  static <F> void requests(Meters<F> meters, Function<F, RequestStats> stats) {
    String ended = "Requests that somebody took, by how they ended.";
    String refused = "Requests that nobody took, by why.";
    meters
        .gauge("weir.responders", "Who answers requests.", f -> stats.apply(f).responders())
        .gauge("weir.requests.waiting", "Requests in hand.", f -> stats.apply(f).waiting())
        .gauge("weir.requests.held.bytes", "Bodies of them.", f -> stats.apply(f).heldBytes())
        .counter("weir.requests.taken", "Requests that somebody took.", f -> stats.apply(f).asked())
        .counter("weir.requests.ended", ended, f -> stats.apply(f).replied(), "how", "replied")
        .counter("weir.requests.ended", ended, f -> stats.apply(f).failed(), "how", "failed")
        .counter("weir.requests.ended", ended, f -> stats.apply(f).timedOut(), "how", "timed_out")
        .counter("weir.requests.ended", ended, f -> stats.apply(f).lost(), "how", "responder_lost")
        .counter(
            "weir.requests.refused",
            refused,
            f -> stats.apply(f).unanswered(),
            "reason",
            "no_responder")
        .counter(
            "weir.requests.refused",
            refused,
            f -> stats.apply(f).overloaded(),
            "reason",
            "overloaded");
  }

  static <F> void presence(Meters<F> meters, Function<F, PresenceStats> stats) {
    meters
        .gauge("weir.presence.members", "Who is there.", f -> stats.apply(f).members())
        .gauge("weir.presence.watches", "Who follows a topic.", f -> stats.apply(f).watches())
        .gauge(
            "weir.presence.waiting.changes",
            "Changes that are not durable yet.",
            f -> stats.apply(f).waitingChanges())
        .counter(
            "weir.presence.changes",
            "Members that entered, said something else, or left.",
            f -> stats.apply(f).changes())
        .counter(
            "weir.presence.expired",
            "Members that left because their grace was over.",
            f -> stats.apply(f).expired());
  }

  static <F> void auth(Meters<F> meters, Function<F, AuthStats> stats) {
    meters
        .gauge("weir.auth.sessions", "Open sessions.", f -> stats.apply(f).sessions())
        .counter("weir.auth.logins", "Logins that were let in.", f -> stats.apply(f).logins())
        .counter(
            "weir.auth.sessions.cut",
            "Sessions ended because a credential expired or was taken back.",
            f -> stats.apply(f).cutSessions());
    for (ErrorCode code : LOGIN_CODES) {
      meters.counter(
          "weir.auth.logins.refused",
          "Logins that were refused, by the code of the refusal.",
          f -> stats.apply(f).refusedLogins().getOrDefault(code, 0L),
          "code",
          code.label());
    }
  }
}
