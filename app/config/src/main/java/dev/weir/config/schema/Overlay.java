package dev.weir.config.schema;

import dev.weir.base.ErrorCode;
import dev.weir.config.mistake.MistakeList;
import dev.weir.config.mistake.Quote;
import dev.weir.config.mistake.Source;
import dev.weir.config.mistake.Span;
import dev.weir.config.schema.Shape.ListOf;
import dev.weir.config.schema.Shape.Section;
import dev.weir.config.schema.Shape.Value;
import dev.weir.config.schema.Shape.Variants;
import dev.weir.config.yaml.Node;
import dev.weir.config.yaml.YamlReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Lays single settings from the environment and from flags over a tree.
///
/// A setting is named by its path: keys and list indices. Names match without regard to case, `_`
/// and `-`, since environment variables are upper case. A value replaces what is there; a list of
/// values is separated by commas; a list or section may be given as YAML in brackets or braces; an
/// empty text empties a list; the index after the last element appends.
public final class Overlay {
  private final Section<?> root;
  private final UnknownKeys unknownKeys;
  private final MistakeList mistakes;

  public Overlay(Section<?> root, MistakeList mistakes) {
    this.root = root;
    this.unknownKeys = new UnknownKeys(root);
    this.mistakes = mistakes;
  }

  /// The tree with one setting put in; the same tree after a mistake.
  public Node put(Node tree, List<String> path, Source source) {
    Node changed = put(tree, root, path, KeyPath.ROOT, source);
    return changed == null ? tree : changed;
  }

  private @Nullable Node put(
      @Nullable Node current, Shape<?> shape, List<String> rest, KeyPath at, Source source) {
    if (rest.isEmpty()) {
      return nodeFor(shape, at, source);
    }
    return switch (shape) {
      case Value<?> _ -> {
        mistakes.error(
            ErrorCode.CONFIG_UNKNOWN_KEY,
            source.whole(),
            at.pointer(),
            source.name() + " names a part of " + Quote.shown(at.toString()) + ", which is a value",
            "name " + at + " itself");
        yield null;
      }
      case Section<?> section -> putKey(current, section.keys(), rest, at, source);
      case Variants<?> variants -> putKey(current, variants.allKeys(), rest, at, source);
      case ListOf<?> list -> putElement(current, list, rest, at, source);
    };
  }

  private @Nullable Node putKey(
      @Nullable Node current, List<Key<?>> keys, List<String> rest, KeyPath at, Source source) {
    String wanted = Suggestion.plain(rest.getFirst());
    for (Key<?> key : keys) {
      if (Suggestion.plain(key.name()).equals(wanted)) {
        Node.Mapping mapping =
            switch (current) {
              case Node.Mapping found -> found;
              case Node.Scalar nothing when nothing.isNothing() -> empty(source);
              case null -> empty(source);
              default -> null;
            };
        if (mapping == null) {
          return current;
        }
        Node.Entry entry = mapping.entries().get(key.name());
        Node child =
            put(
                entry == null ? null : entry.value(),
                key.shape(),
                rest.subList(1, rest.size()),
                at.child(key.name()),
                source);
        Node.Scalar name = new Node.Scalar(source.whole(), key.name(), false);
        return child == null ? null : mapping.with(new Node.Entry(name, child));
      }
    }
    String place = at.steps().isEmpty() ? "at the top" : "in " + at;
    mistakes.error(
        ErrorCode.CONFIG_UNKNOWN_KEY,
        source.whole(),
        at.child(rest.getFirst()).pointer(),
        source.name() + " names the unknown key " + Quote.of(rest.getFirst()) + " " + place,
        unknownKeys.fix(rest.getFirst(), keys));
    return null;
  }

  private @Nullable Node putElement(
      @Nullable Node current, ListOf<?> list, List<String> rest, KeyPath at, Source source) {
    List<Node> elements =
        switch (current) {
          case Node.Sequence found -> new ArrayList<>(found.elements());
          case Node.Scalar nothing when nothing.isNothing() -> new ArrayList<>();
          case null -> new ArrayList<>();
          default -> null;
        };
    if (elements == null) {
      return current;
    }
    String text = rest.getFirst();
    int index = text.matches("\\d{1,4}") ? Integer.parseInt(text) : Integer.MAX_VALUE;
    if (index > elements.size()) {
      mistakes.error(
          ErrorCode.CONFIG_UNKNOWN_KEY,
          source.whole(),
          at.pointer(),
          source.name()
              + " names element "
              + Quote.of(text)
              + " of "
              + at
              + ", expected 0 to "
              + elements.size(),
          "count from 0 without gaps");
      return null;
    }
    Node before = index < elements.size() ? elements.get(index) : null;
    List<String> deeper = rest.subList(1, rest.size());
    Node element = put(before, list.element(), deeper, at.element(index), source);
    if (element == null) {
      return null;
    }
    if (before == null) {
      elements.add(element);
    } else {
      elements.set(index, element);
    }
    return new Node.Sequence(source.whole(), elements);
  }

  private Node nodeFor(Shape<?> shape, KeyPath at, Source source) {
    String text = source.text();
    Span span = source.whole();
    return switch (shape) {
      case Value<?> _ -> new Node.Scalar(span, text, true);
      case ListOf<?>(Value<?> _, int _) when !text.startsWith("[") -> commaSeparated(source);
      case ListOf<?> _ when text.isEmpty() -> new Node.Sequence(span, List.of());
      case ListOf<?> _, Section<?> _, Variants<?> _ -> {
        if (!text.startsWith("[") && !text.startsWith("{")) {
          mistakes.error(
              ErrorCode.CONFIG_TYPE,
              span,
              at.pointer(),
              source.name() + " sets a whole " + (shape instanceof ListOf<?> ? "list" : "section"),
              "name one key of it, or give YAML in brackets or braces");
          yield new Node.Mapping(span, Map.of());
        }
        yield YamlReader.read(source, mistakes).root();
      }
    };
  }

  private static Node commaSeparated(Source source) {
    List<Node> elements = new ArrayList<>();
    for (String part : source.text().split(",", -1)) {
      if (!part.isBlank()) {
        elements.add(new Node.Scalar(source.whole(), part.strip(), true));
      }
    }
    return new Node.Sequence(source.whole(), elements);
  }

  private static Node.Mapping empty(Source source) {
    return new Node.Mapping(source.whole(), Map.of());
  }
}
