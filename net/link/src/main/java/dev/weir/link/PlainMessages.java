package dev.weir.link;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.message.Compression;
import dev.weir.message.Message;
import dev.weir.proto.Request;
import java.time.Duration;

/// Single messages as requests carry them.
///
/// A `message_id` of version 1 is only echoed in the ack: published clients count from zero in each
/// run, so it says nothing about duplicates. One of version 2 is the publisher's own id.
final class PlainMessages {
  private PlainMessages() {}

  /// @throws WeirException when it is not a message, or beyond the limits
  static Message decode(Request request, LinkServerConfig config) {
    checkId(request);
    Bytes body = body(request, config.maxMessage().bytes());
    if (request.getVersion() == 1) {
      return Message.of(config.topic(), body);
    }
    try {
      return new Message(
          request.getTopic().isEmpty() ? config.topic() : request.getTopic(),
          FrameCodec.unwrap(request.getKey()),
          request.getTimeMicros(),
          request.getHeadersMap(),
          request.getContentType(),
          FrameCodec.unwrap(request.getMessageId()),
          body,
          Duration.ZERO,
          Duration.ZERO,
          Message.DEFAULT_PRIORITY);
    } catch (IllegalArgumentException e) {
      throw new WeirException(
          ErrorCode.MALFORMED, "The message is not valid: " + e.getMessage() + ".", e);
    }
  }

  private static void checkId(Request request) {
    int length = request.getMessageId().size();
    if (length < 1 || length > Message.MAX_ID_BYTES) {
      throw new WeirException(
          ErrorCode.MALFORMED,
          "A message_id has " + length + " bytes, expected 1 to " + Message.MAX_ID_BYTES + ".");
    }
  }

  private static Bytes body(Request request, long maxBytes) {
    return switch (request.getPayloadCase()) {
      case PLAIN_MESSAGE -> limited(FrameCodec.unwrap(request.getPlainMessage()), maxBytes);
      case ZSTD_COMPRESSED -> {
        Bytes compressed = limited(FrameCodec.unwrap(request.getZstdCompressed()), maxBytes);
        yield limited(Compression.restoreSelfSized(compressed), maxBytes);
      }
      case HELLO, FRAME, HEARTBEAT, BYE, DICTIONARY, PAYLOAD_NOT_SET ->
          throw new WeirException(
              ErrorCode.MALFORMED, "A request carries no plain_message and no zstd_compressed.");
    };
  }

  private static Bytes limited(Bytes body, long maxBytes) {
    if (body.length() > maxBytes) {
      throw new WeirException(
          ErrorCode.TOO_LARGE,
          "A message has " + body.length() + " bytes, at most " + maxBytes + ".");
    }
    return body;
  }
}
