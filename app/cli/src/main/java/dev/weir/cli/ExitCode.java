package dev.weir.cli;

import dev.weir.base.ErrorCode;

/// What the process ends with; documented by `weir exit-codes`.
enum ExitCode {
  OK(0, "success"),
  FAILURE(1, "unexpected failure: a bug, please report it"),
  USAGE(2, "the command line is not valid"),
  NOT_FOUND(3, "the thing named does not exist"),
  CONFLICT(4, "it exists already, or is in use"),
  REJECTED(5, "the server refused it: a limit or a rule"),
  TIMED_OUT(6, "the answer did not come in time"),
  PARTIAL(7, "some items failed; they are named on stderr"),
  CHECK_FAILED(8, "a check or assertion does not hold"),
  UNREACHABLE(69, "the server cannot be reached"),
  IO(74, "an input/output error, or a full disk"),
  NOT_PERMITTED(77, "not permitted, or another process has it"),
  CONFIG(78, "the configuration is not valid"),
  INTERRUPTED(130, "interrupted");

  private final int number;
  private final String meaning;

  ExitCode(int number, String meaning) {
    this.number = number;
    this.meaning = meaning;
  }

  int number() {
    return number;
  }

  String meaning() {
    return meaning;
  }

  /// The exit code that tells a script what an error code tells a person.
  static ExitCode of(ErrorCode code) {
    return switch (code) {
      case CONFIG_INVALID,
          CONFIG_UNREADABLE,
          CONFIG_SYNTAX,
          CONFIG_LIMIT,
          CONFIG_VERSION,
          CONFIG_UNKNOWN_KEY,
          CONFIG_DUPLICATE_KEY,
          CONFIG_MISSING_KEY,
          CONFIG_TYPE,
          CONFIG_RANGE,
          CONFIG_INTERPOLATION,
          CONFIG_CONFLICT,
          CONFIG_INSECURE_BIND,
          CONFIG_ENVIRONMENT ->
          CONFIG;
      case USAGE, INVALID_TOPIC, INVALID_CURSOR -> USAGE;
      case UNREACHABLE, CONNECTION_LOST, STALLED, SLOT_MOVED, NODE_SET_ASIDE -> UNREACHABLE;
      case TIMED_OUT -> TIMED_OUT;
      case ADDRESS_IN_USE, DATA_DIRECTORY_LOCKED, QUEUE_EXISTS, QUEUE_NOT_EMPTY -> CONFLICT;
      case SUPERSEDED,
          DUPLICATE_IDENTITY,
          UNAUTHENTICATED,
          CREDENTIALS_MISSING,
          CREDENTIALS_EXPIRED,
          CREDENTIALS_REVOKED,
          NOT_PERMITTED,
          LOGIN_PAUSED,
          ORIGIN_REFUSED ->
          ExitCode.NOT_PERMITTED;
      case LOG_POISONED, DISK_FULL, LOG_DAMAGED, SPOOL_FULL -> IO;
      case BEFORE_RETENTION, PATH_UNKNOWN, QUEUE_UNKNOWN, CLIENT_UNKNOWN, NO_RESPONDER -> NOT_FOUND;
      case WINDOW_FULL,
          CREDIT_EXCEEDED,
          OVERLOADED,
          FLOODED,
          QUOTA_EXCEEDED,
          RETAINED_FULL,
          QUEUE_FULL,
          UNSUPPORTED_VERSION,
          MALFORMED,
          TOO_LARGE,
          DECOMPRESSION_REFUSED,
          UNKNOWN_DICTIONARY,
          DICTIONARY_REFUSED,
          OUT_OF_SEQUENCE,
          PROTOCOL_BROKEN,
          CHECKSUM_WRONG,
          METHOD_UNKNOWN,
          SLOW_CONSUMER,
          LEASE_OVER,
          RESPONDER_LOST,
          REQUEST_FAILED ->
          REJECTED;
      case BUG -> FAILURE;
    };
  }
}
