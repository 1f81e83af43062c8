package dev.weir.flow;

import static dev.weir.flow.Cell.go;

/// The rows of [SenderMachine] about the transport and the session on it.
final class SenderSessionRows {
  private SenderSessionRows() {}

  static Cell<SenderState, SenderAction> start(SenderState state) {
    return switch (state) {
      case BACKOFF -> go(SenderAction.DIAL, SenderState.CONNECT);
      case HALT -> go(SenderAction.RETURN_TO_WORK, SenderState.BACKOFF);
      case CONNECT, HELLO, IDLE, OPEN, FULL, DRAIN -> go(SenderAction.IGNORE, state);
    };
  }

  static Cell<SenderState, SenderAction> backoffElapsed(SenderState state) {
    return switch (state) {
      case BACKOFF -> go(SenderAction.DIAL, SenderState.CONNECT);
      case CONNECT, HELLO, IDLE, OPEN, FULL, DRAIN, HALT -> go(SenderAction.IGNORE, state);
    };
  }

  static Cell<SenderState, SenderAction> transportUp(SenderState state) {
    return switch (state) {
      case CONNECT -> go(SenderAction.SEND_HELLO, SenderState.HELLO);
      case HELLO ->
          go(SenderAction.PROTOCOL_ERROR, SenderState.BACKOFF); // One connection came up twice.
      case BACKOFF, IDLE, OPEN, FULL, DRAIN, HALT -> go(SenderAction.IGNORE, state);
    };
  }

  static Cell<SenderState, SenderAction> transportDown(SenderState state) {
    return switch (state) {
      case CONNECT, HELLO, IDLE, OPEN, FULL -> go(SenderAction.BACK_OFF, SenderState.BACKOFF);
      case DRAIN -> go(SenderAction.BACK_OFF, SenderState.BACKOFF, SenderState.HALT);
      case BACKOFF, HALT -> go(SenderAction.IGNORE, state);
    };
  }

  static Cell<SenderState, SenderAction> transportUnwritable(SenderState state) {
    return switch (state) {
      case OPEN -> go(SenderAction.SUSPEND_SENDING, SenderState.FULL);
      case BACKOFF, CONNECT, HELLO, IDLE, FULL, DRAIN, HALT ->
          go(SenderAction.IGNORE, state); // Each pump asks the transport itself.
    };
  }

  static Cell<SenderState, SenderAction> transportWritable(SenderState state) {
    return switch (state) {
      case FULL -> go(SenderAction.PUMP, SenderState.IDLE, SenderState.OPEN, SenderState.FULL);
      case DRAIN -> go(SenderAction.PUMP, SenderState.DRAIN);
      case BACKOFF, CONNECT, HELLO, IDLE, OPEN, HALT -> go(SenderAction.IGNORE, state);
    };
  }

  static Cell<SenderState, SenderAction> welcome(SenderState state) {
    return switch (state) {
      case HELLO -> go(SenderAction.RESUME, SenderState.IDLE, SenderState.OPEN, SenderState.FULL);
      case IDLE, OPEN, FULL -> go(SenderAction.PROTOCOL_ERROR, SenderState.BACKOFF);
      case DRAIN -> go(SenderAction.PROTOCOL_ERROR, SenderState.BACKOFF, SenderState.HALT);
      case BACKOFF, CONNECT, HALT -> go(SenderAction.IGNORE, state);
    };
  }

  static Cell<SenderState, SenderAction> identityTwice(SenderState state) {
    return switch (state) {
      case HELLO ->
          go(SenderAction.GIVE_UP, SenderState.HALT); // Sending on would lose frames as duplicates.
      case IDLE, OPEN, FULL -> go(SenderAction.PROTOCOL_ERROR, SenderState.BACKOFF);
      case DRAIN -> go(SenderAction.PROTOCOL_ERROR, SenderState.BACKOFF, SenderState.HALT);
      case BACKOFF, CONNECT, HALT -> go(SenderAction.IGNORE, state);
    };
  }

  static Cell<SenderState, SenderAction> rejectFatal(SenderState state) {
    return switch (state) {
      case HELLO, IDLE, OPEN, FULL -> go(SenderAction.GIVE_UP, SenderState.HALT);
      case DRAIN ->
          go(
              SenderAction.RETRY_LATER,
              SenderState.BACKOFF,
              SenderState.HALT); // The next hello meets the same refusal.
      case BACKOFF, CONNECT, HALT -> go(SenderAction.IGNORE, state);
    };
  }

  static Cell<SenderState, SenderAction> rejectBusy(SenderState state) {
    return switch (state) {
      case HELLO, IDLE, OPEN, FULL -> go(SenderAction.RETRY_LATER, SenderState.BACKOFF);
      case DRAIN -> go(SenderAction.RETRY_LATER, SenderState.BACKOFF, SenderState.HALT);
      case BACKOFF, CONNECT, HALT -> go(SenderAction.IGNORE, state);
    };
  }

  static Cell<SenderState, SenderAction> rejectRedirect(SenderState state) {
    return switch (state) {
      case HELLO, IDLE, OPEN, FULL -> go(SenderAction.RECONNECT, SenderState.BACKOFF);
      case DRAIN -> go(SenderAction.RECONNECT, SenderState.BACKOFF, SenderState.HALT);
      case BACKOFF, CONNECT, HALT -> go(SenderAction.IGNORE, state);
    };
  }

  static Cell<SenderState, SenderAction> rejectSuperseded(SenderState state) {
    return switch (state) {
      case HELLO, IDLE, OPEN, FULL, DRAIN ->
          go(SenderAction.YIELD_TO_NEWER, SenderState.BACKOFF, SenderState.HALT);
      case BACKOFF, CONNECT, HALT -> go(SenderAction.IGNORE, state);
    };
  }

  static Cell<SenderState, SenderAction> goAway(SenderState state) {
    return switch (state) {
      case HELLO, IDLE -> go(SenderAction.RECONNECT, SenderState.BACKOFF);
      case OPEN, FULL ->
          go(
              SenderAction.BEGIN_DRAIN,
              SenderState.DRAIN,
              SenderState.BACKOFF); // BACKOFF: nothing was in flight.
      case BACKOFF, CONNECT, DRAIN, HALT -> go(SenderAction.IGNORE, state);
    };
  }

  static Cell<SenderState, SenderAction> helloTimeout(SenderState state) {
    return switch (state) {
      case HELLO -> go(SenderAction.ABORT, SenderState.BACKOFF);
      case BACKOFF, CONNECT, IDLE, OPEN, FULL, DRAIN, HALT -> go(SenderAction.IGNORE, state);
    };
  }
}
