package dev.weir.flow;

import static dev.weir.flow.Cell.go;

/// The rows of [ReceiverMachine] about frames and dictionaries that arrive.
final class ReceiverFrameRows {
  private ReceiverFrameRows() {}

  static Cell<ReceiverState, ReceiverAction> frameNext(ReceiverState state) {
    return switch (state) {
      case NEW, RESUME -> go(ReceiverAction.PROTOCOL_ERROR, ReceiverState.CLOSED);
      case OPEN -> go(ReceiverAction.ENQUEUE, ReceiverState.OPEN, ReceiverState.FULL);
      case FULL, DRAIN ->
          go(ReceiverAction.ENQUEUE, state); // Within the credit that it was granted.
      case SUSPENDED -> go(ReceiverAction.NACK_NOT_STORED, state);
      case CLOSED -> go(ReceiverAction.IGNORE, state);
    };
  }

  static Cell<ReceiverState, ReceiverAction> frameOverCredit(ReceiverState state) {
    return switch (state) {
      case NEW, RESUME -> go(ReceiverAction.PROTOCOL_ERROR, ReceiverState.CLOSED);
      case OPEN, FULL, DRAIN -> go(ReceiverAction.NACK_OVERFLOW, state);
      case SUSPENDED -> go(ReceiverAction.NACK_NOT_STORED, state);
      case CLOSED -> go(ReceiverAction.IGNORE, state);
    };
  }

  static Cell<ReceiverState, ReceiverAction> frameDuplicate(ReceiverState state) {
    return switch (state) {
      case NEW, RESUME -> go(ReceiverAction.PROTOCOL_ERROR, ReceiverState.CLOSED);
      case OPEN, FULL, SUSPENDED, DRAIN -> go(ReceiverAction.ACK_AGAIN, state);
      case CLOSED -> go(ReceiverAction.IGNORE, state);
    };
  }

  static Cell<ReceiverState, ReceiverAction> frameGap(ReceiverState state) {
    return switch (state) {
      case NEW, RESUME -> go(ReceiverAction.PROTOCOL_ERROR, ReceiverState.CLOSED);
      case OPEN, FULL, SUSPENDED, DRAIN -> go(ReceiverAction.NACK_NOT_STORED, state);
      case CLOSED -> go(ReceiverAction.IGNORE, state);
    };
  }

  static Cell<ReceiverState, ReceiverAction> frameVoid(ReceiverState state) {
    return switch (state) {
      case NEW, RESUME -> go(ReceiverAction.PROTOCOL_ERROR, ReceiverState.CLOSED);
      case OPEN, FULL, SUSPENDED, DRAIN, CLOSED ->
          go(ReceiverAction.IGNORE, state); // On its way before the nack arrived.
    };
  }

  static Cell<ReceiverState, ReceiverAction> frameInvalid(ReceiverState state) {
    return switch (state) {
      case NEW, RESUME -> go(ReceiverAction.PROTOCOL_ERROR, ReceiverState.CLOSED);
      case OPEN ->
          go(
              ReceiverAction.NACK_INVALID,
              ReceiverState.OPEN,
              ReceiverState.CLOSED); // CLOSED: the third in a row.
      case FULL -> go(ReceiverAction.NACK_INVALID, ReceiverState.FULL, ReceiverState.CLOSED);
      case SUSPENDED ->
          go(ReceiverAction.NACK_INVALID, ReceiverState.SUSPENDED, ReceiverState.CLOSED);
      case DRAIN -> go(ReceiverAction.NACK_INVALID, ReceiverState.DRAIN, ReceiverState.CLOSED);
      case CLOSED -> go(ReceiverAction.IGNORE, state);
    };
  }

  static Cell<ReceiverState, ReceiverAction> dictionaryUnknown(ReceiverState state) {
    return switch (state) {
      case NEW, RESUME -> go(ReceiverAction.PROTOCOL_ERROR, ReceiverState.CLOSED);
      case OPEN, FULL, SUSPENDED, DRAIN -> go(ReceiverAction.NACK_UNKNOWN_DICTIONARY, state);
      case CLOSED -> go(ReceiverAction.IGNORE, state);
    };
  }

  static Cell<ReceiverState, ReceiverAction> dictionaryOffered(ReceiverState state) {
    return switch (state) {
      case NEW, RESUME -> go(ReceiverAction.PROTOCOL_ERROR, ReceiverState.CLOSED);
      case OPEN, FULL, DRAIN -> go(ReceiverAction.STORE_DICTIONARY, state);
      case SUSPENDED -> go(ReceiverAction.REFUSE_DICTIONARY, state);
      case CLOSED -> go(ReceiverAction.IGNORE, state);
    };
  }
}
