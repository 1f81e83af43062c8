package dev.weir.proto.guard;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The recorded schema: a text that only grows, in sections that begin with `= reason`. A line is
/// an entry, or `removed owner number` for a number that must never be used again; `#` begins a
/// comment.
record SchemaRecord(Map<String, SchemaEntry> entries, Set<String> removed) {
  private static final String REMOVED = "removed ";

  static SchemaRecord parse(List<String> lines) {
    Map<String, SchemaEntry> entries = new HashMap<>();
    Set<String> removed = new HashSet<>();
    boolean hasReason = false;
    for (String line : lines) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      if (line.startsWith("=")) {
        hasReason = line.length() > 10;
      } else if (!hasReason) {
        throw new IllegalArgumentException("'" + line + "' stands below no '= reason'");
      } else if (line.startsWith(REMOVED)) {
        removed.add(line.substring(REMOVED.length()));
      } else {
        SchemaEntry entry = SchemaEntry.parse(line);
        entries.put(entry.path(), entry);
      }
    }
    return new SchemaRecord(entries, removed);
  }

  /// What breaks whoever was built against the recorded schema.
  List<String> breaks(List<SchemaEntry> schema) {
    Map<String, SchemaEntry> now = new HashMap<>();
    schema.forEach(entry -> now.put(entry.path(), entry));
    List<String> breaks = new ArrayList<>();
    for (SchemaEntry recorded : entries.values()) {
      SchemaEntry entry = now.get(recorded.path());
      if (entry == null) {
        breaks.add("removed or renamed: " + recorded.line());
      } else if (!entry.equals(recorded)) {
        breaks.add("changed: " + recorded.line() + " is now " + entry.line());
      }
    }
    for (SchemaEntry entry : schema) {
      if (removed.contains(entry.owner() + " " + entry.number())) {
        breaks.add("uses a removed number again: " + entry.line());
      }
    }
    return breaks.stream().sorted().toList();
  }

  /// What the schema has and the record does not, in schema order.
  List<SchemaEntry> additions(List<SchemaEntry> schema) {
    return schema.stream().filter(entry -> !entries.containsKey(entry.path())).toList();
  }
}
