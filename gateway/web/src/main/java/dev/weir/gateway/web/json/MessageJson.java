package dev.weir.gateway.web.json;

import dev.weir.base.Bytes;
import dev.weir.message.Cursor;
import dev.weir.message.Message;
import dev.weir.message.Position;
import dev.weir.message.Receipt;
import dev.weir.message.Retain;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/// Messages and receipts as JSON, with the names that the command line uses.
///
/// A body, key or id is text when it is UTF-8, else base64, and then `encoding`, `keyEncoding` or
/// `idEncoding` says `base64`. A publisher may also give a body that is no string: its JSON text is
/// the message's body then, of content type `application/json`.
public final class MessageJson {
  static final String UTF8 = "utf8";
  static final String BASE64 = "base64";

  private MessageJson() {}

  /// The members of a message, into an object that is begun.
  public static JsonText write(JsonText json, Message message) {
    json.put("topic", message.topic()).put("time", Texts.time(message.timeMicros()));
    if (!message.key().isEmpty()) {
      json.put("key", "keyEncoding", message.key());
    }
    if (!message.headers().isEmpty()) {
      json.put("headers", message.headers());
    }
    if (!message.contentType().isEmpty()) {
      json.put("contentType", message.contentType());
    }
    if (!message.id().isEmpty()) {
      json.put("id", "idEncoding", message.id());
    }
    if (!message.ttl().isZero()) {
      json.put("ttl", Texts.text(message.ttl()));
    }
    if (message.priority() != Message.DEFAULT_PRIORITY) {
      json.put("priority", message.priority());
    }
    return json.put("body", "encoding", message.body());
  }

  /// The same with where it stands and what continues behind it.
  public static JsonText write(
      JsonText json, Message message, Position position, long storedMicros, Optional<Cursor> next) {
    write(json, message)
        .put("position", position.toString())
        .put("stored", Texts.time(storedMicros));
    next.ifPresent(cursor -> json.put("cursor", cursor.token()));
    return json;
  }

  /// The members of a receipt, into an object that is begun.
  ///
  /// @param cursor behind the message, where its place is known
  public static JsonText write(JsonText json, Receipt receipt, Optional<Cursor> cursor) {
    json.put("durability", receipt.durability().name().toLowerCase(Locale.ROOT));
    if (receipt.position().isKnown()) {
      json.put("position", receipt.position().toString());
    }
    cursor.ifPresent(behind -> json.put("cursor", behind.token()));
    return json.put("duplicate", receipt.isDuplicate());
  }

  /// A message that somebody publishes.
  ///
  /// @param fields asked for every name of a message; the caller ends with [JsonFields#noMore]
  /// @param topic where it goes when it does not say so itself; empty when it must
  /// @throws dev.weir.base.WeirException with MALFORMED or INVALID_TOPIC
  /// @throws IllegalArgumentException for values out of range
  public static Message read(JsonFields fields, String topic) {
    String contentType = fields.text("contentType").orElse("");
    Bytes body;
    JsonValue given = fields.any("body").orElse(new JsonValue.Text(""));
    String encoding = fields.text("encoding").orElse(UTF8);
    if (given instanceof JsonValue.Text(String text)) {
      body = bytes("body", text, encoding);
    } else if (given instanceof JsonValue.Blob(Bytes bytes)) {
      body = bytes;
    } else {
      body = Bytes.utf8(JsonReader.write(given));
      contentType = contentType.isEmpty() ? "application/json" : contentType;
    }
    String time = fields.text("time").orElse("");
    Message message = read(fields, topic, time, contentType, body);
    return fields.truth("retain", false) ? Retain.asked(message) : message;
  }

  private static Message read(
      JsonFields fields, String topic, String time, String contentType, Bytes body) {
    return new Message(
        topic.isEmpty() ? fields.requiredText("topic") : topic,
        bytes("key", fields),
        time.isEmpty() ? 0 : Texts.epochMicros("field 'time'", time),
        fields.textMap("headers"),
        contentType,
        bytes("id", fields),
        body,
        fields.duration("ttl").orElse(Duration.ZERO),
        fields.duration("delay").orElse(Duration.ZERO),
        (int) fields.number("priority", 0, 9, Message.DEFAULT_PRIORITY));
  }

  /// The message in the field `message`, whose own names are all asked for.
  ///
  /// @param topic as in [#read]
  /// @throws dev.weir.base.WeirException with MALFORMED or INVALID_TOPIC
  /// @throws IllegalArgumentException for values out of range
  public static Message member(JsonFields fields, String topic) {
    JsonValue value =
        fields
            .any("message")
            .orElseThrow(() -> JsonReader.malformed("The field 'message' is missing."));
    JsonFields members = JsonFields.of("The field 'message'", value);
    Message message = read(members, topic);
    members.noMore();
    return message;
  }

  /// A field of bytes: text, or base64 when the field `nameEncoding` says so.
  public static Bytes bytes(String name, JsonFields fields) {
    String encoding = fields.text(name + "Encoding").orElse(UTF8);
    return fields.blob(name).orElseGet(() -> bytes(name, fields.text(name).orElse(""), encoding));
  }

  private static Bytes bytes(String name, String text, String encoding) {
    return switch (encoding) {
      case UTF8 -> Bytes.utf8(text);
      case BASE64 -> {
        try {
          yield Bytes.wrap(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException e) {
          throw JsonReader.malformed(
              "The field '" + name + "' is not base64: " + e.getMessage() + ".");
        }
      }
      default ->
          throw JsonReader.malformed(
              "The encoding of '"
                  + name
                  + "' is '"
                  + Texts.shown(encoding)
                  + "', expected utf8 or base64.");
    };
  }
}
