package dev.weir.cli;

import dev.weir.message.Message;

/// A message as a JSON object, the same in every command.
final class MessageLines {
  private MessageLines() {}

  /// Begun: the caller may add to it and ends it.
  static JsonLine of(Message message) {
    JsonLine line =
        new JsonLine()
            .put("v", 1)
            .put("topic", message.topic())
            .put("time", Times.iso(message.timeMicros()))
            .putBytes("key", "", message.key())
            .put("headers", message.headers());
    if (!message.contentType().isEmpty()) {
      line.put("contentType", message.contentType());
    }
    if (!message.id().isEmpty()) {
      line.putBytes("id", "", message.id());
    }
    return line.putBytes("body", "encoding", message.body()).put("bytes", message.body().length());
  }
}
