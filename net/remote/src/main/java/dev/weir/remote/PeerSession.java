package dev.weir.remote;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// What a peer knows of one remote: the next number, and the answers that are not confirmed.
///
/// Guarded by itself: while a connection is replaced by the next, both event loops may bring
/// messages. Only the newest connection's are taken, so no lock is waited for in steady state.
final class PeerSession {
  private final RemoteHandler handler;
  private final @Nullable Bytes[] answers;
  private final int mask;
  private @Nullable AnswerPath path;
  private long attachment;
  private long next = -1;
  private long confirmed;

  /// Where answers go.
  interface AnswerPath {
    void send(byte[] answer);

    /// The peer breaks the rules: its stream ends.
    void refuse(String why);
  }

  PeerSession(RemoteHandler handler, int buffer) {
    this.handler = handler;
    int slots = Math.max(2, Integer.highestOneBit(2 * buffer - 1));
    answers = new Bytes[slots];
    mask = slots - 1;
  }

  /// A newer connection takes over; what comes from the one before is dropped from now on.
  ///
  /// @return the connection's number, by which it is known here
  synchronized long attach(AnswerPath newer) {
    path = newer;
    return ++attachment;
  }

  synchronized void detach(long from) {
    if (from == attachment) {
      path = null;
    }
  }

  synchronized boolean isAttached() {
    return path != null;
  }

  synchronized void onMessage(long from, byte[] bytes, int offset, int length) {
    AnswerPath back = path;
    if (back == null || from != attachment) {
      return;
    }
    try {
      ByteBuffer head = Envelope.head(bytes, offset, length, Envelope.MESSAGE_HEAD);
      long number = head.getLong();
      confirm(head.getLong(), number);
      Bytes body =
          Bytes.wrap(bytes, offset + Envelope.MESSAGE_HEAD, length - Envelope.MESSAGE_HEAD);
      back.send(number == next ? handle(number, body) : again(number));
    } catch (WeirException e) {
      path = null;
      back.refuse(String.valueOf(e.getMessage()));
    }
  }

  /// Forgets answers that the sender has.
  private void confirm(long newlyConfirmed, long number) {
    if (next < 0) {
      next = number; // The first that this process sees of the session.
      confirmed = number;
    }
    if (newlyConfirmed > number || number - newlyConfirmed > mask || number > next) {
      throw refused(
          "number " + number + ", confirmed " + newlyConfirmed + ", expected number " + next);
    }
    for (; confirmed < Math.min(newlyConfirmed, next); confirmed++) {
      answers[(int) confirmed & mask] = null;
    }
  }

  private byte[] handle(long number, Bytes body) {
    byte[] answer;
    try {
      answer = Envelope.answer(number, Envelope.ANSWER, handler.answer(body));
    } catch (RuntimeException e) {
      answer = Envelope.answer(number, Envelope.FAILURE, Bytes.utf8(String.valueOf(e)));
    }
    answers[(int) number & mask] = Bytes.wrap(answer);
    next = number + 1;
    return answer;
  }

  /// The answer of a message that came before.
  private byte[] again(long number) {
    Bytes answer = answers[(int) number & mask];
    if (answer == null || number < confirmed) {
      throw refused("number " + number + " again, though all below " + confirmed + " are answered");
    }
    return answer.array();
  }

  private static WeirException refused(String what) {
    return new WeirException(ErrorCode.MALFORMED, "A remote breaks its order: " + what + ".");
  }
}
