package dev.weir.flow;

import static dev.weir.flow.Cell.go;

/// The rows of [SenderMachine] about silence, stopping and deadlines.
final class SenderEndingRows {
  private SenderEndingRows() {}

  static Cell<SenderState, SenderAction> ackTimeout(SenderState state) {
    return switch (state) {
      case OPEN, FULL, DRAIN -> go(SenderAction.PING, state);
      case BACKOFF, CONNECT, HELLO, IDLE, HALT -> go(SenderAction.IGNORE, state);
    };
  }

  static Cell<SenderState, SenderAction> ackTimeoutAgain(SenderState state) {
    return switch (state) {
      case OPEN, FULL -> go(SenderAction.ABORT, SenderState.BACKOFF);
      case DRAIN -> go(SenderAction.ABORT, SenderState.BACKOFF, SenderState.HALT);
      case BACKOFF, CONNECT, HELLO, IDLE, HALT -> go(SenderAction.IGNORE, state);
    };
  }

  static Cell<SenderState, SenderAction> peerLost(SenderState state) {
    return switch (state) {
      case CONNECT, HELLO, IDLE, OPEN, FULL -> go(SenderAction.ABORT, SenderState.BACKOFF);
      case DRAIN -> go(SenderAction.ABORT, SenderState.BACKOFF, SenderState.HALT);
      case BACKOFF, HALT -> go(SenderAction.IGNORE, state);
    };
  }

  static Cell<SenderState, SenderAction> stop(SenderState state) {
    return switch (state) {
      case BACKOFF, IDLE, HALT -> go(SenderAction.CLOSE, SenderState.HALT);
      case CONNECT, HELLO -> go(SenderAction.ABORT, SenderState.HALT);
      case OPEN, FULL ->
          go(
              SenderAction.BEGIN_DRAIN,
              SenderState.DRAIN,
              SenderState.HALT); // HALT: nothing was in flight.
      case DRAIN -> go(SenderAction.TIGHTEN_DEADLINE, state);
    };
  }

  static Cell<SenderState, SenderAction> drainDeadline(SenderState state) {
    return switch (state) {
      case DRAIN ->
          go(
              SenderAction.ABORT,
              SenderState.BACKOFF,
              SenderState.HALT); // What is unacked stays in the spool.
      case BACKOFF, CONNECT, HELLO, IDLE, OPEN, FULL, HALT -> go(SenderAction.IGNORE, state);
    };
  }
}
