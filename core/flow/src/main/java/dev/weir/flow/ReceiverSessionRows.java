package dev.weir.flow;

import static dev.weir.flow.Cell.go;

/// The rows of [ReceiverMachine] about the session: how it begins and ends.
final class ReceiverSessionRows {
  private ReceiverSessionRows() {}

  static Cell<ReceiverState, ReceiverAction> hello(ReceiverState state) {
    return switch (state) {
      case NEW -> go(ReceiverAction.FENCE_AND_LOAD, ReceiverState.RESUME);
      case RESUME, OPEN, FULL, SUSPENDED, DRAIN ->
          go(ReceiverAction.PROTOCOL_ERROR, ReceiverState.CLOSED);
      case CLOSED -> go(ReceiverAction.IGNORE, state);
    };
  }

  static Cell<ReceiverState, ReceiverAction> helloBad(ReceiverState state) {
    return switch (state) {
      case NEW -> go(ReceiverAction.REJECT_HELLO, ReceiverState.CLOSED);
      case RESUME, OPEN, FULL, SUSPENDED, DRAIN ->
          go(ReceiverAction.PROTOCOL_ERROR, ReceiverState.CLOSED);
      case CLOSED -> go(ReceiverAction.IGNORE, state);
    };
  }

  static Cell<ReceiverState, ReceiverAction> helloTimeout(ReceiverState state) {
    return switch (state) {
      case NEW -> go(ReceiverAction.CLOSE, ReceiverState.CLOSED);
      case RESUME, OPEN, FULL, SUSPENDED, DRAIN, CLOSED -> go(ReceiverAction.IGNORE, state);
    };
  }

  static Cell<ReceiverState, ReceiverAction> lanesLoaded(ReceiverState state) {
    return switch (state) {
      case RESUME -> go(ReceiverAction.WELCOME, ReceiverState.OPEN, ReceiverState.FULL);
      case NEW, OPEN, FULL, SUSPENDED, DRAIN, CLOSED -> go(ReceiverAction.IGNORE, state);
    };
  }

  static Cell<ReceiverState, ReceiverAction> superseded(ReceiverState state) {
    return switch (state) {
      case NEW, RESUME -> go(ReceiverAction.CLOSE, ReceiverState.CLOSED);
      case OPEN, FULL, SUSPENDED, DRAIN ->
          go(ReceiverAction.REJECT_SUPERSEDED, ReceiverState.CLOSED);
      case CLOSED -> go(ReceiverAction.IGNORE, state);
    };
  }

  static Cell<ReceiverState, ReceiverAction> bye(ReceiverState state) {
    return switch (state) {
      case NEW, RESUME, SUSPENDED -> go(ReceiverAction.CLOSE, ReceiverState.CLOSED);
      case OPEN, FULL, DRAIN ->
          go(
              ReceiverAction.FINISH,
              ReceiverState.DRAIN,
              ReceiverState.CLOSED); // CLOSED: nothing was queued.
      case CLOSED -> go(ReceiverAction.IGNORE, state);
    };
  }

  static Cell<ReceiverState, ReceiverAction> peerLost(ReceiverState state) {
    return switch (state) {
      case NEW, RESUME, OPEN, FULL, SUSPENDED, DRAIN ->
          go(ReceiverAction.CLOSE, ReceiverState.CLOSED);
      case CLOSED -> go(ReceiverAction.IGNORE, state);
    };
  }

  static Cell<ReceiverState, ReceiverAction> drainOrdered(ReceiverState state) {
    return switch (state) {
      case NEW -> go(ReceiverAction.REJECT_REDIRECT, ReceiverState.CLOSED);
      case RESUME, SUSPENDED -> go(ReceiverAction.GO_AWAY_AND_CLOSE, ReceiverState.CLOSED);
      case OPEN, FULL -> go(ReceiverAction.GO_AWAY, ReceiverState.DRAIN);
      case DRAIN, CLOSED -> go(ReceiverAction.IGNORE, state);
    };
  }

  static Cell<ReceiverState, ReceiverAction> drainDeadline(ReceiverState state) {
    return switch (state) {
      case DRAIN -> go(ReceiverAction.CLOSE, ReceiverState.CLOSED);
      case NEW, RESUME, OPEN, FULL, SUSPENDED, CLOSED -> go(ReceiverAction.IGNORE, state);
    };
  }
}
