package dev.weir.auth.guard;

import dev.weir.auth.Session;
import dev.weir.auth.Standing;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Something that a session has open at the broker, from its permission to its end: a subscription,
/// a consumer, a watch, somebody who answers. It is counted by the session's quota, cut once its
/// permission is taken away or the session is over, and its client is told one end, whoever brings
/// it: the session, the broker, or the client itself, which is told nothing.
///
/// Any thread. What the client is called with goes through [#pass], so that it is never called by
/// two threads at a time and never after its end.
///
/// @param <I> what the broker gave
final class OpenUse<I> implements Standing {
  /// A call of the client.
  @FunctionalInterface
  interface Call<X extends Exception> {
    void run() throws X;
  }

  private final Session session;
  private final Runnable check;
  private final Consumer<I> closing;
  private final Consumer<WeirException> ending;
  private final CallGate gate = new CallGate();
  private volatile @Nullable I inner;
  private volatile @Nullable WeirException cause;

  /// @param check throws when it is not allowed
  /// @param closing closes what the broker gave; idempotent
  /// @param ending tells the client that it is cut
  OpenUse(Session session, Runnable check, Consumer<I> closing, Consumer<WeirException> ending) {
    this.session = session;
    this.check = check;
    this.closing = closing;
    this.ending = ending;
  }

  /// Opens it; once.
  ///
  /// @throws WeirException with NOT_PERMITTED or QUOTA_EXCEEDED, or as the broker does
  void open(Supplier<I> opening) {
    check.run();
    session.open(this);
    boolean isOpen = false;
    try {
      I opened = opening.get();
      inner = opened;
      isOpen = true;
      if (gate.isShut()) {
        closing.accept(opened); // Cut while it was being opened.
      }
    } finally {
      if (!isOpen) {
        session.closed(this);
      }
    }
  }

  @Override
  public void recheck() {
    try {
      check.run();
    } catch (WeirException e) {
      end(e);
    }
  }

  @Override
  public void end(WeirException why) {
    cause = why;
    if (gate.shut(() -> ending.accept(why))) {
      over();
    }
  }

  private void over() {
    session.closed(this);
    I open = inner;
    if (open != null) {
      closing.accept(open);
    }
  }

  /// The broker calls the client, one thread at a time; nothing happens once it is over.
  ///
  /// @return whether it was called
  <X extends Exception> boolean pass(Call<X> call) throws X {
    if (!gate.enter()) {
      return false;
    }
    try {
      call.run();
    } finally {
      gate.leave();
    }
    return true;
  }

  /// The broker ended it: the client's last call, unless it has had that.
  void ended(Runnable lastCall) {
    if (gate.shut(lastCall)) {
      session.closed(this);
    }
  }

  /// The client closes it, and is not told.
  void close() {
    gate.shut(() -> {});
    over();
  }

  boolean isOver() {
    return gate.isShut();
  }

  /// What the broker gave; null before it did.
  @Nullable I opened() {
    return inner;
  }

  /// What the broker gave, cut or not.
  I inner() {
    I open = inner;
    if (open == null) {
      throw new WeirException(ErrorCode.BUG, "Something is used before it is open.");
    }
    return open;
  }

  /// What the broker gave.
  ///
  /// @throws WeirException why it was cut
  I live() {
    WeirException why = cause;
    if (why != null) {
      throw new WeirException(why.code(), String.valueOf(why.getMessage()));
    }
    return inner();
  }
}
