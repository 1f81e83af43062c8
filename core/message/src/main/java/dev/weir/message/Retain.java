package dev.weir.message;

import dev.weir.base.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// The words by which a message asks to be kept as the last of its topic.
///
/// They are headers and no field of their own, so that every door, lane, spool and client of any
/// version carries them; an empty body clears what is kept.
public final class Retain {
  /// Set by publishers: `true` asks the core to keep the message; anything else is no wish.
  public static final String HEADER = "weir-retain";

  /// Set by the core, to `1` and in place of [#HEADER], on what a subscription gets from before it
  /// began.
  public static final String REPLAYED = "weir-retained";

  private static final String YES = "true";
  private static final String REPLAY = "1";

  private static final byte[] HEADER_BYTES = HEADER.getBytes(StandardCharsets.US_ASCII);
  private static final byte[] YES_BYTES = YES.getBytes(StandardCharsets.US_ASCII);

  private Retain() {}

  /// Whether a message is to be kept, or with an empty body to clear what is.
  public static boolean isAsked(Message message) {
    return YES.equals(message.headers().get(HEADER));
  }

  /// The same message with the wish to be kept.
  public static Message asked(Message message) {
    Map<String, String> headers = new LinkedHashMap<>(message.headers());
    headers.put(HEADER, YES);
    return message.withHeaders(headers);
  }

  /// The same message as one from before a subscription began. It takes no more room than before,
  /// so that a message at the limit of headers stays one.
  public static Message replayed(Message message) {
    Map<String, String> headers = new LinkedHashMap<>(message.headers());
    headers.remove(HEADER);
    headers.put(REPLAYED, REPLAY);
    return message.withHeaders(headers);
  }

  /// A message that clears what is kept of a topic.
  public static Message clearing(String topic) {
    return asked(Message.of(topic, Bytes.EMPTY));
  }

  /// The same question of an encoded header.
  static boolean isHeader(byte[] bytes, int start, int length) {
    return equals(HEADER_BYTES, bytes, start, length);
  }

  static boolean isYes(byte[] bytes, int start, int length) {
    return equals(YES_BYTES, bytes, start, length);
  }

  private static boolean equals(byte[] expected, byte[] bytes, int start, int length) {
    if (length != expected.length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (bytes[start + i] != expected[i]) {
        return false;
      }
    }
    return true;
  }
}
