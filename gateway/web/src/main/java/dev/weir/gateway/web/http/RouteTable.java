package dev.weir.gateway.web.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Finds what answers a method and a path. Filled before the first request; then any thread.
///
/// A template is a path whose levels are fixed, or `{name}` for one level, or, at the end,
/// `{name...}` for one or more: `/v1/queues/{name}/pull`, `/v1/topics/{topic...}`. Fixed levels win
/// over names, since templates are tried in the order of their adding.
public final class RouteTable {
  /// Whom a route asks.
  public enum Access {
    /// Nobody here: the route does so itself, or need not.
    OPEN,
    /// Everybody, who he is.
    GUARDED,
    /// Likewise; and pages, which cannot set headers there, may show a token in the query.
    PAGES
  }

  /// One method of one template.
  ///
  /// @param bodyBytes the largest body that it takes
  public record Entry(
      String method, String template, int bodyBytes, Access access, WebRoute route) {}

  /// What was found: an entry with what the path holds for its names; or the methods that the path
  /// takes, when the asked one is not among them.
  public record Match(Optional<Entry> entry, Map<String, String> captured, Set<String> allowed) {}

  private final List<Entry> entries = new ArrayList<>();

  /// Adds a route that asks who comes.
  public RouteTable add(String method, String template, int bodyBytes, WebRoute route) {
    return add(method, template, bodyBytes, Access.GUARDED, route);
  }

  public RouteTable add(
      String method, String template, int bodyBytes, Access access, WebRoute route) {
    entries.add(new Entry(method, template, bodyBytes, access, route));
    return this;
  }

  public List<Entry> entries() {
    return List.copyOf(entries);
  }

  /// @param method HEAD is answered as GET is
  /// @param rawPath not decoded
  /// @throws IllegalArgumentException when the path is not validly percent-encoded
  public Match find(String method, String rawPath) {
    String wanted = method.equals("HEAD") ? "GET" : method;
    Set<String> allowed = new TreeSet<>();
    for (Entry entry : entries) {
      Map<String, String> captured = new LinkedHashMap<>();
      if (matches(entry.template(), rawPath, captured)) {
        if (entry.method().equals(wanted)) {
          return new Match(Optional.of(entry), captured, Set.of());
        }
        allowed.add(entry.method());
        if (entry.method().equals("GET")) {
          allowed.add("HEAD");
        }
      }
    }
    return new Match(Optional.empty(), Map.of(), allowed);
  }

  private static boolean matches(String template, String rawPath, Map<String, String> captured) {
    String[] wanted = template.split("/", -1);
    String[] levels = rawPath.split("/", -1);
    for (int i = 0; i < wanted.length; i++) {
      if (i >= levels.length) {
        return false;
      }
      if (wanted[i].endsWith("...}")) {
        String rest = String.join("/", List.of(levels).subList(i, levels.length));
        captured.put(wanted[i].substring(1, wanted[i].length() - 4), PercentText.decode(rest));
        return !rest.isEmpty();
      }
      if (wanted[i].startsWith("{")) {
        if (levels[i].isEmpty()) {
          return false;
        }
        captured.put(wanted[i].substring(1, wanted[i].length() - 1), PercentText.decode(levels[i]));
      } else if (!wanted[i].equals(levels[i])) {
        return false;
      }
    }
    return levels.length == wanted.length;
  }
}
