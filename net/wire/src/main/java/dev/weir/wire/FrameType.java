package dev.weir.wire;

import dev.weir.base.Checks;

/// What a frame is for. A code below 0x80 that is not listed breaks the protocol; one from 0x80 on
/// is skipped, so that later versions can add what older peers may ignore.
public enum FrameType {
  HELLO(0x01),
  HELLO_ACK(0x02),
  AUTH(0x03),
  AUTH_OK(0x04),
  SETTINGS(0x05),
  OPEN(0x10),
  OPEN_ACK(0x11),
  MSG(0x12),
  RESP(0x13),
  END(0x14),
  CANCEL(0x15),
  RESET(0x16),
  CREDIT(0x20),
  LEASE(0x21),
  PING(0x22),
  PONG(0x23),
  GOAWAY(0x24),
  ACK(0x25),
  INFO(0x80),
  PAD(0x81),
  /// Stands for every unlisted code below 0x80.
  UNKNOWN(-1),
  /// Stands for every unlisted code from 0x80 on.
  SKIPPABLE(-2);

  private static final int FIRST_SKIPPABLE = 0x80;
  private static final FrameType[] BY_CODE = byCode();

  private final int code;

  FrameType(int code) {
    this.code = code;
  }

  private static FrameType[] byCode() {
    FrameType[] types = new FrameType[256];
    for (int code = 0; code < types.length; code++) {
      types[code] = code < FIRST_SKIPPABLE ? UNKNOWN : SKIPPABLE;
    }
    for (FrameType type : values()) {
      if (type.code >= 0) {
        types[type.code] = type;
      }
    }
    return types;
  }

  /// The type of a code, 0 to 255; [#UNKNOWN] or [#SKIPPABLE] when this version does not list it.
  static FrameType of(int code) {
    return BY_CODE[Checks.index("code", code, BY_CODE.length)];
  }

  /// The byte on the wire; negative for the two that stand for unlisted ones.
  int code() {
    return code;
  }

  /// Whether frames of this type count against the credit of their stream and connection.
  boolean isCredited() {
    return this == MSG || this == RESP;
  }
}
