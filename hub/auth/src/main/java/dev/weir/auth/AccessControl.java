package dev.weir.auth;

import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Who may do what, in one process: lets clients in as sessions, and holds every session against
/// the book as it changes and as time goes by.
///
/// `weir-auth` looks once a quarter of a second whether a credential has expired, and runs what
/// sessions put off. A new book is held against all sessions by whoever brings it. Any thread may
/// call the methods; none blocks.
public final class AccessControl implements SessionBook, AutoCloseable {
  private static final long TICK_MILLIS = 250;

  private final Clock clock;
  private final RecentRefusals audit;
  private final Authenticator authenticator;
  private final Set<Session> sessions = ConcurrentHashMap.newKeySet();
  private final Map<String, UserMeter> meters = new ConcurrentHashMap<>();
  private final LongAdder logins = new LongAdder();
  private final LongAdder cuts = new LongAdder();
  private final Map<ErrorCode, LongAdder> refusals = new ConcurrentHashMap<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("weir-auth").factory());
  private volatile AuthBook book;

  public AccessControl(AuthBook book, AuditTrail audit, Clock clock) {
    this.book = book;
    this.audit = new RecentRefusals(audit);
    this.clock = clock;
    this.authenticator = new Authenticator(() -> this.book, clock);
    var _ =
        timer.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  public AuthBook book() {
    return book;
  }

  Clock clock() {
    return clock;
  }

  /// Lets a client in.
  ///
  /// @return a session, to be closed when the client is gone; fails with CREDENTIALS_MISSING,
  ///   UNAUTHENTICATED, CREDENTIALS_EXPIRED, CREDENTIALS_REVOKED, LOGIN_PAUSED, OVERLOADED or
  ///   QUOTA_EXCEEDED
  public CompletionStage<Session> open(Credentials credentials, Origin origin) {
    return authenticator
        .authenticate(credentials, origin)
        .thenApply(identity -> begin(identity, origin))
        .whenComplete((session, fault) -> told(session, fault, origin, credentials));
  }

  /// Lets in whom somebody else has authenticated and may introduce: see [Introduction#RIGHT].
  ///
  /// @return a session, to be closed when the client is gone
  /// @throws WeirException with CREDENTIALS_EXPIRED, CREDENTIALS_REVOKED or QUOTA_EXCEEDED
  public Session open(Introduction introduction) {
    Optional<WeirException> fault = Validity.fault(book, introduction.identity(), clock);
    if (fault.isPresent()) {
      throw fault.get();
    }
    return begin(introduction.identity(), introduction.origin());
  }

  @SuppressWarnings("ReferenceEquality") // Whether it is the same book, not an equal one.
  private Session begin(Identity identity, Origin origin) {
    AuthBook now = book;
    UserMeter meter =
        meters.compute(
            identity.user(),
            (user, known) -> {
              UserMeter one =
                  known == null ? new UserMeter(user, now.quotaOf(user), clock.nanoTime()) : known;
              one.join(origin.address(), clock.nanoTime());
              return one;
            });
    Session session =
        new Session(
            this, identity, now.permissions(identity.user(), identity.roles()), origin, meter);
    sessions.add(session);
    if (book != now) { // Replaced in between: whoever did that may not have seen this one.
      recheck(session, book);
    }
    return session;
  }

  private void told(
      @Nullable Session session,
      @Nullable Throwable fault,
      Origin origin,
      Credentials credentials) {
    if (session != null) {
      logins.increment();
      return;
    }
    WeirException why = known(fault);
    refusals.computeIfAbsent(why.code(), _ -> new LongAdder()).increment();
    String claimed = credentials instanceof Credentials.Password(String user, _) ? user : "";
    audit.record(
        new AuditEvent(
            clock.epochMicros(),
            "login",
            claimed.length() > Identity.MAX_NAME_CHARS ? "" : claimed,
            "",
            origin.door(),
            origin.address(),
            "",
            "",
            false,
            why.code().label() + " " + why.getMessage(),
            0));
  }

  /// What a stage of this class failed with.
  public static WeirException known(@Nullable Throwable fault) {
    Throwable cause = fault instanceof CompletionException wrapped ? wrapped.getCause() : fault;
    return cause instanceof WeirException refusal
        ? refusal
        : new WeirException(ErrorCode.BUG, "A login failed: " + cause + ".");
  }

  CompletionStage<Void> renewed(Session session, Credentials credentials) {
    return authenticator
        .authenticate(credentials, session.origin())
        .thenAccept(identity -> {
          if (!identity.user().equals(session.identity().user())) {
            throw new WeirException(
                ErrorCode.UNAUTHENTICATED,
                "The newer credentials are those of another user than '"
                    + session.identity().user()
                    + "'.");
          }
          session.identity(identity);
          session.onBook(book.permissions(identity.user(), identity.roles()));
        });
  }

  /// Takes another book, and holds every session against it before this returns.
  public void replace(AuthBook changed) {
    book = changed;
    authenticator.onBook(changed);
    meters.forEach((user, meter) -> meter.quota(changed.quotaOf(user), clock.nanoTime()));
    sessions.forEach(session -> recheck(session, changed));
  }

  private void recheck(Session session, AuthBook now) {
    Identity identity = session.identity();
    Optional<WeirException> fault = Validity.fault(now, identity, clock);
    if (fault.isPresent()) {
      cut(session, fault.get());
    } else {
      session.onBook(now.permissions(identity.user(), identity.roles()));
    }
  }

  private void cut(Session session, WeirException cause) {
    if (sessions.remove(session)) {
      cuts.increment();
      leave(session);
      Decision decision = new Decision(false, cause.code().label() + " " + cause.getMessage());
      audit("cut", session.identity(), session.origin(), "", "", decision, 0);
      session.end(cause);
    }
  }

  private void tick() {
    long now = clock.epochMicros();
    for (Session session : sessions) {
      if (now >= session.identity().expiryMicros()) {
        cut(session, Validity.expired(session.identity()));
      }
    }
    for (String user : meters.keySet()) {
      meters.computeIfPresent(user, (_, meter) -> meter.isIdle(clock.nanoTime()) ? null : meter);
    }
  }

  void closed(Session session) {
    if (sessions.remove(session)) {
      leave(session);
    }
  }

  private static void leave(Session session) {
    session.meter().leave(session.origin().address());
  }

  void later(long nanos, Runnable task) {
    try {
      var _ = timer.schedule(task, nanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException _) {
      task.run(); // Closing: it finds out itself.
    }
  }

  void audit(
      String event,
      Identity identity,
      Origin origin,
      String action,
      String target,
      Decision decision,
      long suppressed) {
    audit.record(
        new AuditEvent(
            clock.epochMicros(),
            event,
            identity.user(),
            identity.proof().label()
                + (identity.proof() == Identity.Proof.PASSWORD ? "" : " " + identity.credential()),
            origin.door(),
            origin.address(),
            action,
            target,
            decision.isAllowed(),
            decision.reason(),
            suppressed));
  }

  @Override
  public List<SessionTrace> sessions(String address) {
    return sessions.stream()
        .filter(session -> session.origin().address().equals(address))
        .map(session ->
            new SessionTrace(
                session.identity(),
                book.roles(session.identity()),
                session.origin().door(),
                session.meter().use(address, clock.nanoTime())))
        .toList();
  }

  @Override
  public List<AuditEvent> refusals(String address) {
    return audit.of(address);
  }

  public AuthStats stats() {
    Map<ErrorCode, Long> refused = new EnumMap<>(ErrorCode.class);
    refusals.forEach((code, count) -> refused.put(code, count.sum()));
    return new AuthStats(sessions.size(), logins.sum(), refused, cuts.sum());
  }

  /// Ends all sessions. Idempotent.
  @Override
  public void close() {
    timer.shutdownNow();
    authenticator.close();
    WeirException closed = new WeirException(ErrorCode.OVERLOADED, "The node shuts down.");
    for (Session session : List.copyOf(sessions)) {
      sessions.remove(session);
      session.end(closed);
    }
  }
}
