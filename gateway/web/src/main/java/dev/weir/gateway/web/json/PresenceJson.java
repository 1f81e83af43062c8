package dev.weir.gateway.web.json;

import dev.weir.broker.PresenceChange;
import dev.weir.broker.PresenceMember;
import dev.weir.broker.PresenceView;
import java.util.Locale;

/// Presence as JSON. Data is text when it is UTF-8, else base64, as `dataEncoding` says.
public final class PresenceJson {
  private PresenceJson() {}

  /// The members of a view, into an object that is begun.
  public static JsonText write(JsonText json, PresenceView view) {
    json.put("topic", view.topic()).put("sequence", view.sequence()).beginArray("members");
    view.members().forEach(member -> write(json.beginObject(), member).endObject());
    return json.endArray();
  }

  /// The members of a change, into an object that is begun.
  public static JsonText write(JsonText json, PresenceChange change) {
    json.put("topic", change.topic())
        .put("sequence", change.sequence())
        .put("previous", change.previous())
        .put("kind", change.kind().name().toLowerCase(Locale.ROOT))
        .beginObject("member");
    return write(json, change.member()).endObject();
  }

  private static JsonText write(JsonText json, PresenceMember member) {
    json.put("member", member.name());
    if (!member.user().isEmpty()) {
      json.put("user", member.user());
    }
    if (!member.data().isEmpty()) {
      json.put("data", "dataEncoding", member.data());
    }
    return json.put("since", Texts.time(member.sinceMicros()))
        .put("grace", Texts.text(member.grace()));
  }
}
