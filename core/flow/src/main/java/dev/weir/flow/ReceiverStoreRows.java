package dev.weir.flow;

import static dev.weir.flow.Cell.go;

/// The rows of [ReceiverMachine] about the store, its queue and the quota.
final class ReceiverStoreRows {
  private ReceiverStoreRows() {}

  static Cell<ReceiverState, ReceiverAction> committed(ReceiverState state) {
    return switch (state) {
      case OPEN -> go(ReceiverAction.ACK_AND_GRANT, state);
      case FULL -> go(ReceiverAction.ACK_AND_GRANT, ReceiverState.OPEN, ReceiverState.FULL);
      case SUSPENDED -> go(ReceiverAction.ACK, state); // Another partition's store still works.
      case DRAIN ->
          go(
              ReceiverAction.ACK,
              ReceiverState.DRAIN,
              ReceiverState.CLOSED); // CLOSED: that was the last.
      case NEW, RESUME, CLOSED -> go(ReceiverAction.IGNORE, state);
    };
  }

  static Cell<ReceiverState, ReceiverAction> queueHigh(ReceiverState state) {
    return switch (state) {
      case OPEN -> go(ReceiverAction.STOP_GRANTING, ReceiverState.FULL);
      case NEW, RESUME, FULL, SUSPENDED, DRAIN, CLOSED -> go(ReceiverAction.IGNORE, state);
    };
  }

  static Cell<ReceiverState, ReceiverAction> queueLow(ReceiverState state) {
    return switch (state) {
      case FULL ->
          go(
              ReceiverAction.GRANT,
              ReceiverState.OPEN,
              ReceiverState.FULL); // FULL: the quota still holds it.
      case NEW, RESUME, OPEN, SUSPENDED, DRAIN, CLOSED -> go(ReceiverAction.IGNORE, state);
    };
  }

  static Cell<ReceiverState, ReceiverAction> quotaExceeded(ReceiverState state) {
    return switch (state) {
      case NEW -> go(ReceiverAction.REJECT_BUSY, ReceiverState.CLOSED);
      case OPEN -> go(ReceiverAction.STOP_GRANTING, ReceiverState.FULL);
      case RESUME, FULL, SUSPENDED, DRAIN, CLOSED -> go(ReceiverAction.IGNORE, state);
    };
  }

  static Cell<ReceiverState, ReceiverAction> quotaOk(ReceiverState state) {
    return switch (state) {
      case FULL ->
          go(
              ReceiverAction.GRANT,
              ReceiverState.OPEN,
              ReceiverState.FULL); // FULL: the queue is still high.
      case NEW, RESUME, OPEN, SUSPENDED, DRAIN, CLOSED -> go(ReceiverAction.IGNORE, state);
    };
  }

  static Cell<ReceiverState, ReceiverAction> storeError(ReceiverState state) {
    return switch (state) {
      case NEW, RESUME -> go(ReceiverAction.REJECT_BUSY, ReceiverState.CLOSED);
      case OPEN, FULL -> go(ReceiverAction.SUSPEND, ReceiverState.SUSPENDED);
      case DRAIN -> go(ReceiverAction.GO_AWAY_AND_CLOSE, ReceiverState.CLOSED);
      case SUSPENDED, CLOSED -> go(ReceiverAction.IGNORE, state);
    };
  }

  static Cell<ReceiverState, ReceiverAction> storeRecovered(ReceiverState state) {
    return switch (state) {
      case SUSPENDED -> go(ReceiverAction.GRANT, ReceiverState.OPEN, ReceiverState.FULL);
      case NEW, RESUME, OPEN, FULL, DRAIN, CLOSED -> go(ReceiverAction.IGNORE, state);
    };
  }
}
