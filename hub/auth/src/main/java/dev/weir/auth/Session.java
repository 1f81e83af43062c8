package dev.weir.auth;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.message.TopicFilter;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A client that is let in, from its login to its end: what it may do now. A door opens one for
/// each connection, or each call where every call shows credentials, and closes it.
///
/// It ends by itself, with everything that stands in it, when the credential expires or is taken
/// back; permissions change under it. Both happen within a second of what causes them.
///
/// Any thread.
public final class Session implements AutoCloseable {
  /// What a client is told of its own doing; a flood of refusals must not drown the audit.
  private static final int REFUSALS_A_SECOND = 5;

  private final AccessControl access;
  private final Origin origin;
  private final UserMeter meter;
  private final Set<Standing> standing = ConcurrentHashMap.newKeySet();
  private final Set<Standing> watchers = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean isClosed = new AtomicBoolean();
  private final ReentrantLock auditLock = new ReentrantLock();
  private volatile Identity identity;
  private volatile Permissions permissions;
  private volatile @Nullable WeirException end;

  // Guarded by the audit's lock.
  private final TokenBucket refusals;
  private long suppressed;

  Session(
      AccessControl access,
      Identity identity,
      Permissions permissions,
      Origin origin,
      UserMeter meter) {
    this.access = access;
    this.identity = identity;
    this.permissions = permissions;
    this.origin = origin;
    this.meter = meter;
    this.refusals = new TokenBucket(REFUSALS_A_SECOND, 1, access.clock().nanoTime());
  }

  public Identity identity() {
    return identity;
  }

  public Origin origin() {
    return origin;
  }

  /// Why it is over; none while it lives.
  public Optional<WeirException> end() {
    return Optional.ofNullable(end);
  }

  /// Demands that an action on a topic is allowed.
  ///
  /// @throws WeirException with NOT_PERMITTED, or why the session is over
  public void require(Action action, String topic) {
    requireLive();
    Decision decision = permissions.decide(action, topic);
    if (!decision.isAllowed()) {
      refuse(action, topic, decision);
    }
  }

  /// Demands that an action on all that a filter matches is allowed.
  ///
  /// @throws WeirException with NOT_PERMITTED, or why the session is over
  public void require(Action action, TopicFilter filter) {
    requireLive();
    Decision decision = permissions.decide(action, filter);
    if (!decision.isAllowed()) {
      refuse(action, filter.toString(), decision);
    }
  }

  /// Demands that some topic at all may be used so.
  ///
  /// @throws WeirException with NOT_PERMITTED, or why the session is over
  public void requireAny(Action action) {
    requireLive();
    if (!permissions.allowsAny(action)) {
      refuse(action, "#", new Decision(false, "no rule allows it for any topic"));
    }
  }

  /// Whether an action on a topic is allowed, for leaving out what is not.
  public boolean allows(Action action, String topic) {
    return end == null && permissions.decide(action, topic).isAllowed();
  }

  private void requireLive() {
    WeirException cause = end;
    if (cause != null) {
      throw new WeirException(cause.code(), String.valueOf(cause.getMessage()));
    }
  }

  private void refuse(Action action, String target, Decision decision) {
    audit("access", action.label(), target, decision);
    throw new WeirException(
        ErrorCode.NOT_PERMITTED,
        "The user '"
            + identity.user()
            + "' may not "
            + action.label()
            + " '"
            + target
            + "': "
            + decision.reason()
            + ".");
  }

  /// Takes down that something which lasts was allowed.
  public void auditAllowed(Action action, String target) {
    audit("access", action.label(), target, permissions.decide(action, target));
  }

  private void audit(String event, String action, String target, Decision decision) {
    long left = 0;
    if (!decision.isAllowed()) {
      auditLock.lock();
      try {
        long now = access.clock().nanoTime();
        if (refusals.waitNanos(now) > 0) {
          suppressed++;
          return;
        }
        refusals.take(1, now);
        left = suppressed;
        suppressed = 0;
      } finally {
        auditLock.unlock();
      }
    }
    access.audit(event, identity, origin, action, target, decision, left);
  }

  /// Takes from the user's publishing rates.
  ///
  /// @return nanoseconds to wait before trying again; 0 when it was taken
  public long pace(int messages, long bytes) {
    return meter.pace(origin.address(), messages, bytes, access.clock().nanoTime());
  }

  /// Gives back what [#pace] took for something that came to nothing.
  public void giveBack(int messages, long bytes) {
    meter.giveBack(origin.address(), messages, bytes, access.clock().nanoTime());
  }

  /// Runs something later, on the thread of all sessions: it must be quick.
  public void later(long nanos, Runnable task) {
    access.later(nanos, task);
  }

  /// Counts a subscription or consumer, and keeps it while it is allowed.
  ///
  /// @throws WeirException with QUOTA_EXCEEDED, or why the session is over
  public void open(Standing use) {
    requireLive();
    meter.subscribe(origin.address());
    standing.add(use);
    watchEnd(use);
  }

  /// It is over. Idempotent.
  public void closed(Standing use) {
    if (standing.remove(use)) {
      meter.unsubscribe(origin.address());
    }
  }

  /// Tells somebody of the session's changes and end; at once when it is over.
  public void watch(Standing watcher) {
    watchers.add(watcher);
    watchEnd(watcher);
  }

  private void watchEnd(Standing use) {
    WeirException cause = end;
    if (cause != null) {
      use.end(cause);
    }
  }

  /// Shows newer credentials of the same user, so that the session outlives the older ones.
  ///
  /// @return fails as a login does, or with UNAUTHENTICATED for another user; the session stays as
  ///   it was
  public CompletionStage<Void> renew(Credentials credentials) {
    return access.renewed(this, credentials);
  }

  void identity(Identity changed) {
    identity = changed;
  }

  /// The book changed.
  void onBook(Permissions changed) {
    permissions = changed;
    standing.forEach(Standing::recheck);
    watchers.forEach(Standing::recheck);
  }

  /// It is over.
  void end(WeirException cause) {
    end = cause;
    standing.forEach(use -> use.end(cause));
    watchers.forEach(use -> use.end(cause));
  }

  /// Ends what stands in it, as a door does whose client is gone; the session itself goes on.
  public void endStanding(WeirException cause) {
    standing.forEach(use -> use.end(cause));
  }

  UserMeter meter() {
    return meter;
  }

  /// The client is gone: what stands in it is ended by who opened it. Idempotent.
  @Override
  public void close() {
    if (isClosed.compareAndSet(false, true)) {
      access.closed(this);
      if (end == null) {
        end = new WeirException(ErrorCode.CONNECTION_LOST, "The session is closed.");
      }
    }
  }
}
