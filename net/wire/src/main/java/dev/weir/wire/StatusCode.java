package dev.weir.wire;

/// How a call or a stream ended: the codes of gRPC, in their order, so that a binding passes them
/// through.
public enum StatusCode {
  OK,
  CANCELLED,
  UNKNOWN,
  INVALID_ARGUMENT,
  DEADLINE_EXCEEDED,
  NOT_FOUND,
  ALREADY_EXISTS,
  PERMISSION_DENIED,
  RESOURCE_EXHAUSTED,
  FAILED_PRECONDITION,
  ABORTED,
  OUT_OF_RANGE,
  UNIMPLEMENTED,
  INTERNAL,
  UNAVAILABLE,
  DATA_LOSS,
  UNAUTHENTICATED;

  private static final StatusCode[] BY_NUMBER = values();

  /// The code of a number; [#UNKNOWN] for one that this version does not list.
  public static StatusCode of(int number) {
    return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : UNKNOWN;
  }

  /// The number on the wire and in gRPC.
  @SuppressWarnings("EnumOrdinal") // The order is fixed by gRPC; a test holds every number.
  public int number() {
    return ordinal();
  }
}
