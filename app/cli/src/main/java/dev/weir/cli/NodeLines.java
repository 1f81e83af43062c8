package dev.weir.cli;

import dev.weir.base.ByteSize;
import java.util.List;
import java.util.Locale;

/// How `/status` of routers and storage nodes is printed.
final class NodeLines {
  private static final String NODE = "%-12s  %-24s  %-12s  %6s  %12s  %10s  %10s  %10s  %s";
  private static final String ROUTER = "%-24s  %8s  %-16s  %-12s  %6s  %s";

  private NodeLines() {}

  /// A router's.
  static String router(JsonTree status) {
    StringBuilder out = new StringBuilder();
    long version = status.number("mapVersion");
    long newest = status.number("newestMapVersion");
    line(
        out,
        String.format(
            Locale.ROOT,
            "router %s, map version %d (%s)%s",
            status.text("name"),
            version,
            status.text("mapHash"),
            newest > version ? "; version " + newest + " is known elsewhere" : ""));
    out.append('\n');
    line(
        out,
        String.format(
            Locale.ROOT,
            NODE,
            "NODE",
            "ADDRESS",
            "STATE",
            "SLOTS",
            "REVISIONS",
            "BYTES",
            "QUEUED",
            "COMMIT",
            "NOTE"));
    for (JsonTree node : status.objects("nodes")) {
      boolean isHeard = node.has("heardMillis");
      line(
          out,
          String.format(
              Locale.ROOT,
              NODE,
              node.text("id"),
              node.text("address"),
              node.text("state"),
              node.number("slots"),
              isHeard ? String.format(Locale.ROOT, "%,d", node.number("revisions")) : "-",
              isHeard ? new ByteSize(node.number("bytes")) : "-",
              isHeard ? new ByteSize(node.number("queueBytes")) : "-",
              isHeard ? millis(node.number("commitMicros")) : "-",
              note(node)));
    }
    return out.toString();
  }

  private static String millis(long micros) {
    return String.format(Locale.ROOT, "%.1f ms", micros / 1e3);
  }

  private static String note(JsonTree node) {
    List<String> parts =
        List.of(
            node.isTrue("connected") ? "" : "not connected",
            node.text("fault"),
            node.text("trouble"),
            node.text("dispute"));
    return String.join("; ", parts.stream().filter(part -> !part.isEmpty()).toList());
  }

  /// A storage node's.
  static String storage(JsonTree status) {
    StringBuilder out = new StringBuilder();
    JsonTree map = status.object("map");
    line(
        out,
        String.format(
            Locale.ROOT,
            "storage node %s%s, %s, %,d requests refused for keys that moved",
            status.text("name"),
            status.isTrue("draining") ? ", draining" : "",
            map.has("mapVersion")
                ? "map version "
                    + map.number("mapVersion")
                    + " of router "
                    + map.text("router")
                    + ": "
                    + map.number("slots")
                    + " slots"
                : "no router has announced a map: every key is served",
            status.number("moved")));
    out.append('\n');
    line(
        out,
        String.format(
            Locale.ROOT, ROUTER, "ROUTER", "VERSION", "MAP", "CALLED HERE", "SLOTS", "NOTE"));
    for (JsonTree router : status.objects("routers")) {
      boolean isSame =
          router.number("mapVersion") == map.number("mapVersion")
              && router.text("mapHash").equals(map.text("mapHash"))
              && router.text("node").equals(map.text("node"));
      line(
          out,
          String.format(
              Locale.ROOT,
              ROUTER,
              router.text("router"),
              router.number("mapVersion"),
              router.text("mapHash"),
              router.text("node"),
              router.number("slots"),
              isSame ? "" : "another map than the newest"));
    }
    return out.toString();
  }

  /// Without blanks at the end of the line.
  private static void line(StringBuilder out, String text) {
    out.append(text.stripTrailing()).append('\n');
  }
}
