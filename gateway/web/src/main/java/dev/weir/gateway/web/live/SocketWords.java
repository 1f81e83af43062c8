package dev.weir.gateway.web.live;

import dev.weir.base.WeirException;
import dev.weir.broker.GapReason;
import dev.weir.broker.IncomingRequest;
import dev.weir.broker.PresenceChange;
import dev.weir.broker.PresenceView;
import dev.weir.broker.QueuedMessage;
import dev.weir.gateway.web.http.Problems;
import dev.weir.gateway.web.json.JsonText;
import dev.weir.gateway.web.json.MessageJson;
import dev.weir.gateway.web.json.PresenceJson;
import dev.weir.gateway.web.json.QueueJson;
import dev.weir.gateway.web.json.Texts;
import dev.weir.message.Cursor;
import dev.weir.message.Message;
import dev.weir.message.Position;
import dev.weir.message.Receipt;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What a socket says: an object a frame, whose `op` says what it is.
final class SocketWords {
  private final SocketProtocol protocol;

  SocketWords(SocketProtocol protocol) {
    this.protocol = protocol;
  }

  private JsonText op(String name) {
    return protocol.begin().beginObject().op(name);
  }

  private JsonText op(String name, String id) {
    return op(name).put("id", id);
  }

  private static JsonText withRef(JsonText json, String ref) {
    return ref.isEmpty() ? json : json.put("ref", ref);
  }

  JsonText welcome(int frameBytes, long heartbeatMillis) {
    return op("welcome")
        .put("protocol", protocol.label())
        .put("maxFrame", frameBytes)
        .put("heartbeatMillis", heartbeatMillis)
        .put("maxObjects", SocketFrame.MAX_OBJECTS)
        .endObject();
  }

  JsonText attached(String id, Cursor cursor) {
    return op("attached", id).put("cursor", cursor.token()).endObject();
  }

  JsonText message(
      String id, Message message, Position position, long storedMicros, Cursor cursor) {
    JsonText json = op("message", id).put("cursor", cursor.token()).beginObject("message");
    MessageJson.write(json, message, position, storedMicros, Optional.empty());
    return json.endObject().endObject();
  }

  JsonText gap(String id, Position from, long toOffset, GapReason reason, Cursor cursor) {
    return op("gap", id)
        .put("from", from.toString())
        .put("to", toOffset)
        .put("reason", reason.name().toLowerCase(Locale.ROOT))
        .put("cursor", cursor.token())
        .endObject();
  }

  JsonText retainedEnd(String id, Cursor cursor) {
    return op("retained-end", id).put("cursor", cursor.token()).endObject();
  }

  JsonText end(String id, Cursor cursor) {
    return op("end", id).put("cursor", cursor.token()).endObject();
  }

  JsonText detached(String id, Optional<Cursor> cursor) {
    JsonText json = op("detached", id);
    cursor.ifPresent(at -> json.put("cursor", at.token()));
    return json.endObject();
  }

  JsonText receipt(String ref, Receipt receipt, Optional<Cursor> cursor) {
    return MessageJson.write(withRef(op("receipt"), ref), receipt, cursor).endObject();
  }

  JsonText consuming(String id, String queue) {
    return op("consuming", id).put("queue", queue).endObject();
  }

  JsonText delivery(String id, String lease, QueuedMessage message) {
    JsonText json = op("delivery", id).put("lease", lease).beginObject("message");
    QueueJson.write(json, message);
    return json.endObject().endObject();
  }

  /// @param failures by their leases
  JsonText settled(String id, String ref, int settled, Map<String, WeirException> failures) {
    JsonText json = withRef(op("settled", id), ref).put("settled", settled).beginArray("failed");
    failures.forEach((lease, cause) -> {
      json.beginObject().put("lease", lease);
      Problems.members(json, cause);
      json.endObject();
    });
    return json.endArray().endObject();
  }

  JsonText reply(String ref, Message message) {
    JsonText json = withRef(op("reply"), ref).beginObject("message");
    return MessageJson.write(json, message).endObject().endObject();
  }

  JsonText serving(String id, String filter) {
    return op("serving", id).put("filter", filter).endObject();
  }

  JsonText request(String id, IncomingRequest request) {
    JsonText json =
        op("request", id)
            .put("request", request.number())
            .put("until", Texts.time(request.untilMicros()))
            .beginObject("message");
    return MessageJson.write(json, request.message()).endObject().endObject();
  }

  JsonText presence(String id, PresenceView view) {
    JsonText json = op("presence", id).put("missed", view.hasMissed());
    return PresenceJson.write(json, view).endObject();
  }

  JsonText change(String id, PresenceChange change) {
    return PresenceJson.write(op("change", id), change).endObject();
  }

  JsonText members(String ref, PresenceView view) {
    return PresenceJson.write(withRef(op("members"), ref), view).endObject();
  }

  /// @param op what was done
  JsonText present(String op, String ref, String topic, String member, long sequence) {
    return withRef(op(op), ref)
        .put("topic", topic)
        .put("member", member)
        .put("sequence", sequence)
        .endObject();
  }

  JsonText authorized(String ref) {
    return withRef(op("authorized"), ref).endObject();
  }

  JsonText pong(String ref) {
    return withRef(op("pong"), ref).endObject();
  }

  /// @param id of what it concerns; empty for the connection
  JsonText error(String id, String ref, WeirException cause) {
    JsonText json = withRef(op("error"), ref);
    if (!id.isEmpty()) {
      json.put("id", id);
    }
    json.beginObject("problem");
    Problems.members(json, cause);
    return json.endObject().endObject();
  }

  /// What a client may say.
  static final List<String> OPS =
      List.of(
          "attach", "credit", "detach", "publish", "consume", "ack", "nack", "reject", "extend",
          "request", "serve", "reply", "fail", "enter", "update", "leave", "members", "auth",
          "ping");
}
