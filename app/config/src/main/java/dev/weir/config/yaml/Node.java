package dev.weir.config.yaml;

import dev.weir.config.mistake.Span;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A part of the tree that a text was read into.
public sealed interface Node {
  Span span();

  /// A single value as it is written, before `${...}` is replaced.
  ///
  /// @param isQuoted whether quotes or a block style say that an empty text or `null` is meant
  record Scalar(Span span, String text, boolean isQuoted) implements Node {
    /// `key:` without a value, or one of YAML's words for it.
    public boolean isNothing() {
      return !isQuoted && (text.isEmpty() || text.equals("~") || text.equals("null"));
    }
  }

  /// A list.
  record Sequence(Span span, List<Node> elements) implements Node {
    public Sequence {
      elements = List.copyOf(elements);
    }
  }

  /// Keys with their values, in the order of the text.
  record Mapping(Span span, Map<String, Entry> entries) implements Node {
    public Mapping {
      entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    /// This mapping with one entry added or replaced.
    public Mapping with(Entry entry) {
      Map<String, Entry> changed = new LinkedHashMap<>(entries);
      changed.put(entry.key().text(), entry);
      return new Mapping(span, changed);
    }
  }

  /// A key where it stands, and its value.
  record Entry(Scalar key, Node value) {}

  /// A word for people: what this node is.
  default String kind() {
    return switch (this) {
      case Scalar _ -> "a value";
      case Sequence _ -> "a list";
      case Mapping _ -> "a section";
    };
  }

  /// This tree under another: keys of `over` win, sections are joined, lists are replaced.
  static Node merge(Node under, Node over) {
    if (!(under instanceof Mapping base) || !(over instanceof Mapping top)) {
      return over;
    }
    Map<String, Entry> merged = new LinkedHashMap<>(base.entries());
    top.entries()
        .forEach((name, entry) ->
            merged.merge(
                name,
                entry,
                (earlier, later) -> new Entry(later.key(), merge(earlier.value(), later.value()))));
    return new Mapping(top.span(), merged);
  }
}
