package dev.weir.flow;

import static dev.weir.flow.Cell.go;

/// The rows of [SenderMachine] about the spool, what is in flight, and the answers to it.
final class SenderTransferRows {
  private SenderTransferRows() {}

  static Cell<SenderState, SenderAction> spoolReady(SenderState state) {
    return switch (state) {
      case BACKOFF, CONNECT, HELLO -> go(SenderAction.NOTE_BACKLOG, state);
      case IDLE ->
          go(
              SenderAction.PUMP,
              SenderState.IDLE,
              SenderState.OPEN,
              SenderState.FULL); // IDLE: an earlier pump took it along.
      case OPEN -> go(SenderAction.PUMP, SenderState.OPEN, SenderState.FULL);
      case DRAIN -> go(SenderAction.PUMP, SenderState.DRAIN);
      case FULL, HALT -> go(SenderAction.IGNORE, state);
    };
  }

  static Cell<SenderState, SenderAction> spoolHole(SenderState state) {
    return switch (state) {
      case IDLE, OPEN -> go(SenderAction.RECORD_LOSS, SenderState.OPEN, SenderState.FULL);
      case FULL -> go(SenderAction.RECORD_LOSS, SenderState.FULL);
      case DRAIN -> go(SenderAction.RECORD_LOSS, SenderState.DRAIN);
      case BACKOFF, CONNECT, HELLO, HALT ->
          go(SenderAction.IGNORE, state); // Met again by the next pump.
    };
  }

  static Cell<SenderState, SenderAction> spoolPoisoned(SenderState state) {
    return switch (state) {
      case BACKOFF, CONNECT, HELLO, IDLE, OPEN, FULL, DRAIN, HALT ->
          go(SenderAction.MARK_DEGRADED, state);
    };
  }

  static Cell<SenderState, SenderAction> spoolUnreadable(SenderState state) {
    return switch (state) {
      case BACKOFF, CONNECT, HELLO, IDLE, OPEN, FULL, DRAIN ->
          go(SenderAction.GIVE_UP, SenderState.HALT);
      case HALT -> go(SenderAction.IGNORE, state);
    };
  }

  static Cell<SenderState, SenderAction> ack(SenderState state) {
    return switch (state) {
      case HELLO, IDLE -> go(SenderAction.PROTOCOL_ERROR, SenderState.BACKOFF);
      case OPEN ->
          go(
              SenderAction.SETTLE,
              SenderState.IDLE,
              SenderState.OPEN,
              SenderState.FULL); // FULL: the window shrank.
      case FULL ->
          go(SenderAction.SETTLE_AND_PUMP, SenderState.IDLE, SenderState.OPEN, SenderState.FULL);
      case DRAIN ->
          go(
              SenderAction.SETTLE_AND_PUMP,
              SenderState.DRAIN,
              SenderState.BACKOFF,
              SenderState.HALT);
      case BACKOFF, CONNECT, HALT ->
          go(SenderAction.IGNORE, state); // From a connection that is gone.
    };
  }

  static Cell<SenderState, SenderAction> answerStale(SenderState state) {
    return switch (state) {
      case HELLO ->
          go(SenderAction.PROTOCOL_ERROR, SenderState.BACKOFF); // Nothing comes before the welcome.
      case BACKOFF, CONNECT, IDLE, OPEN, FULL, DRAIN, HALT -> go(SenderAction.IGNORE, state);
    };
  }

  static Cell<SenderState, SenderAction> answerImpossible(SenderState state) {
    return switch (state) {
      case HELLO, IDLE, OPEN, FULL -> go(SenderAction.PROTOCOL_ERROR, SenderState.BACKOFF);
      case DRAIN -> go(SenderAction.PROTOCOL_ERROR, SenderState.BACKOFF, SenderState.HALT);
      case BACKOFF, CONNECT, HALT -> go(SenderAction.IGNORE, state);
    };
  }

  static Cell<SenderState, SenderAction> nackRefused(SenderState state) {
    return switch (state) {
      case HELLO, IDLE -> go(SenderAction.PROTOCOL_ERROR, SenderState.BACKOFF);
      case OPEN, FULL ->
          go(
              SenderAction.BURY_AND_PUMP,
              SenderState.OPEN,
              SenderState.FULL); // Its ack is still to come.
      case DRAIN ->
          go(SenderAction.BURY_AND_PUMP, SenderState.DRAIN, SenderState.BACKOFF, SenderState.HALT);
      case BACKOFF, CONNECT, HALT -> go(SenderAction.IGNORE, state);
    };
  }

  static Cell<SenderState, SenderAction> nackUnknownDictionary(SenderState state) {
    return switch (state) {
      case HELLO, IDLE -> go(SenderAction.PROTOCOL_ERROR, SenderState.BACKOFF);
      case OPEN, FULL ->
          go(SenderAction.PUBLISH_DICTIONARY_AND_REWIND, SenderState.OPEN, SenderState.FULL);
      case DRAIN ->
          go(
              SenderAction.PUBLISH_DICTIONARY_AND_REWIND,
              SenderState.DRAIN,
              SenderState.BACKOFF,
              SenderState.HALT);
      case BACKOFF, CONNECT, HALT -> go(SenderAction.IGNORE, state);
    };
  }

  static Cell<SenderState, SenderAction> nackNotStored(SenderState state) {
    return switch (state) {
      case HELLO, IDLE -> go(SenderAction.PROTOCOL_ERROR, SenderState.BACKOFF);
      case OPEN, FULL -> go(SenderAction.REWIND_AND_HOLD, SenderState.FULL);
      case DRAIN ->
          go(
              SenderAction.REWIND_AND_HOLD,
              SenderState.DRAIN,
              SenderState.BACKOFF,
              SenderState.HALT);
      case BACKOFF, CONNECT, HALT -> go(SenderAction.IGNORE, state);
    };
  }

  static Cell<SenderState, SenderAction> credit(SenderState state) {
    return switch (state) {
      case HELLO -> go(SenderAction.PROTOCOL_ERROR, SenderState.BACKOFF);
      case IDLE, OPEN -> go(SenderAction.SET_CREDIT, state); // Nothing waits for it.
      case FULL ->
          go(
              SenderAction.SET_CREDIT_AND_PUMP,
              SenderState.IDLE,
              SenderState.OPEN,
              SenderState.FULL);
      case DRAIN -> go(SenderAction.SET_CREDIT_AND_PUMP, SenderState.DRAIN);
      case BACKOFF, CONNECT, HALT -> go(SenderAction.IGNORE, state);
    };
  }

  static Cell<SenderState, SenderAction> dictionaryTrained(SenderState state) {
    return switch (state) {
      case BACKOFF, CONNECT, HELLO -> go(SenderAction.HOLD_DICTIONARY, state);
      case IDLE, OPEN, FULL ->
          go(
              SenderAction.PUBLISH_DICTIONARY,
              state); // FULL: a link that is always full gains the most.
      case DRAIN, HALT -> go(SenderAction.IGNORE, state);
    };
  }

  static Cell<SenderState, SenderAction> dictionaryAccepted(SenderState state) {
    return switch (state) {
      case HELLO -> go(SenderAction.PROTOCOL_ERROR, SenderState.BACKOFF);
      case IDLE, OPEN, FULL -> go(SenderAction.USE_DICTIONARY, state);
      case BACKOFF, CONNECT, DRAIN, HALT -> go(SenderAction.IGNORE, state);
    };
  }
}
