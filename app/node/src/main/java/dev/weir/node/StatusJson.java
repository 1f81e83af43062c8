package dev.weir.node;

import dev.weir.router.Router;
import dev.weir.router.StorageNode;
import dev.weir.router.nodes.Announcement;
import dev.weir.router.nodes.NodeDesk;
import dev.weir.router.nodes.NodeReport;
import dev.weir.router.nodes.NodeTalks;
import dev.weir.router.nodes.NodeView;
import java.io.StringWriter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// The documents of `/status`: which map routers and storage nodes go by, and how they fare. Fields
/// are added to them, never changed. A map's hash is written as 16 hexadecimal digits.
final class StatusJson {
  private static final JsonFactory FACTORY = new JsonFactory();

  private StatusJson() {}

  /// A router's.
  static String router(Router router, NodeTalks talks) {
    Map<String, Boolean> reached = router.reachedNodes();
    Map<String, String> disputes = talks.disputes();
    long now = System.nanoTime();
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
      json.writeStartObject();
      json.writeStringProperty("role", "router");
      json.writeStringProperty("name", talks.name());
      json.writeNumberProperty("mapVersion", router.mapVersion());
      json.writeStringProperty("mapHash", hex(router.map().fingerprint()));
      json.writeNumberProperty("newestMapVersion", talks.newestVersion());
      json.writeArrayPropertyStart("nodes");
      for (NodeView view : talks.nodes()) {
        StorageNode node = view.node();
        json.writeStartObject();
        json.writeStringProperty("id", node.id());
        json.writeStringProperty(
            "address", node.address().getHostString() + ":" + node.address().getPort());
        json.writeBooleanProperty("connected", reached.getOrDefault(node.id(), false));
        json.writeStringProperty("state", word(view.state()));
        json.writeNumberProperty("slots", router.map().slotsOf(node).count());
        view.sinceHeard(now)
            .ifPresent(since -> json.writeNumberProperty("heardMillis", since.toMillis()));
        view.report().ifPresent(said -> report(json, said));
        json.writeStringProperty("trouble", view.trouble());
        json.writeStringProperty("dispute", disputes.getOrDefault(node.id(), ""));
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    return text.toString();
  }

  private static void report(JsonGenerator json, NodeReport said) {
    json.writeStringProperty("node", said.node());
    json.writeNumberProperty("mapVersion", said.mapVersion());
    json.writeStringProperty("mapHash", hex(said.mapHash()));
    json.writeStringProperty("mapRouter", said.mapRouter());
    json.writeStringProperty("fault", said.figures().fault());
    json.writeNumberProperty("revisions", said.figures().revisions());
    json.writeNumberProperty("bytes", said.figures().bytes());
    json.writeNumberProperty("queueBytes", said.figures().queueBytes());
    json.writeNumberProperty("commitMicros", said.figures().commitMicros());
  }

  /// A storage node's.
  static String storage(NodeDesk desk) {
    NodeDesk.Stats stats = desk.stats();
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
      json.writeStartObject();
      json.writeStringProperty("role", "storage");
      json.writeStringProperty("name", desk.name());
      json.writeBooleanProperty("draining", stats.isDraining());
      json.writeNumberProperty("announcements", stats.announcements());
      json.writeNumberProperty("moved", stats.moved());
      json.writeNumberProperty("differing", stats.differing());
      stats
          .counting()
          .ifPresent(said -> {
            json.writeObjectPropertyStart("map");
            announcement(json, said);
            json.writeEndObject();
          });
      json.writeArrayPropertyStart("routers");
      for (Announcement said : stats.routers()) {
        json.writeStartObject();
        announcement(json, said);
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    return text.toString();
  }

  private static void announcement(JsonGenerator json, Announcement said) {
    json.writeStringProperty("router", said.router());
    json.writeNumberProperty("mapVersion", said.mapVersion());
    json.writeStringProperty("mapHash", hex(said.mapHash()));
    json.writeStringProperty("node", said.node());
    json.writeNumberProperty("slots", said.slots().count());
  }

  private static String hex(long hash) {
    return HexFormat.of().toHexDigits(hash);
  }

  /// A state in lower case, with a dash between words.
  static String word(NodeView.State state) {
    return state.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
