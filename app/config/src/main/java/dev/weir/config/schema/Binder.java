package dev.weir.config.schema;

import dev.weir.base.ErrorCode;
import dev.weir.config.mistake.MistakeList;
import dev.weir.config.mistake.Quote;
import dev.weir.config.mistake.Span;
import dev.weir.config.schema.Shape.Bound;
import dev.weir.config.schema.Shape.ListOf;
import dev.weir.config.schema.Shape.Section;
import dev.weir.config.schema.Shape.Value;
import dev.weir.config.schema.Shape.Variants;
import dev.weir.config.yaml.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads a tree by a schema: all mistakes are collected, none ends the reading.
///
/// A wrong value is replaced by its default so that the rest is read and checked in the same run;
/// what has no default is left out together with the list element that holds it. The result of a
/// run with errors is therefore good for more checks, never for use. Belongs to one thread.
public final class Binder {
  static final String MASK = "********";

  private final Map<String, String> environment;
  private final Interpolation interpolation;
  private final UnknownKeys unknownKeys;
  private final MistakeList mistakes;
  private final boolean isWhole;
  private final List<Setting> settings = new ArrayList<>();

  /// @param isWhole false when a syntax error cut the tree, so that missing keys say nothing
  public Binder(
      Section<?> root, Map<String, String> environment, MistakeList mistakes, boolean isWhole) {
    this.environment = environment;
    this.interpolation = new Interpolation(environment);
    this.unknownKeys = new UnknownKeys(root);
    this.mistakes = mistakes;
    this.isWhole = isWhole;
  }

  /// The record of a section all of whose keys have defaults.
  public <T> T bindRoot(Section<T> section, Node node) {
    T bound = bindSection(section, node, KeyPath.ROOT, Span.nowhere("default"), "");
    if (bound == null) {
      throw new IllegalStateException("a section at the top has a key without default");
    }
    return bound;
  }

  /// Every effective value in the order of the schema.
  public List<Setting> settings() {
    return List.copyOf(settings);
  }

  private <T> @Nullable T bind(Key<T> key, @Nullable Node node, KeyPath path, Span parent) {
    return bind(key.shape(), key, node, path, parent);
  }

  private <T> @Nullable T bind(
      Shape<T> shape, Key<?> key, @Nullable Node node, KeyPath path, Span parent) {
    return switch (shape) {
      case Value<T> value -> bindValue(value, key, node, path, parent);
      case Section<T> section -> bindSection(section, node, path, parent, "");
      case Variants<T> variants -> bindVariant(variants, node, path);
      case ListOf<?> list -> {
        @SuppressWarnings("unchecked") // a ListOf<E> is a Shape<List<E>>, so T is List<E>
        T elements = (T) bindList(list, key, node, path, parent);
        yield elements;
      }
    };
  }

  private <T> @Nullable T bindSection(
      Section<T> section, @Nullable Node node, KeyPath path, Span parent, String ignoredKey) {
    Map<String, Node.Entry> entries = Map.of();
    Span here = parent;
    switch (node) {
      case null -> {}
      case Node.Mapping mapping -> {
        entries = mapping.entries();
        here = placeOf(mapping);
      }
      case Node.Scalar scalar when scalar.isNothing() -> {}
      default ->
          wrongKind(
              node, path, "a section with keys", "write its keys below it, indented by two spaces");
    }
    Map<String, Object> values = new LinkedHashMap<>();
    for (Key<?> key : section.keys()) {
      Node.Entry entry = entries.get(key.name());
      Node child = entry == null ? null : entry.value();
      Object value = bind(key, child, path.child(key.name()), here);
      if (value != null) {
        values.put(key.name(), value);
      }
    }
    for (Node.Entry entry : entries.values()) {
      String name = entry.key().text();
      if (!name.equals(ignoredKey)
          && section.keys().stream().noneMatch(k -> k.name().equals(name))) {
        unknownKeys.report(entry.key(), path, section.keys(), mistakes);
      }
    }
    return values.size() == section.keys().size() ? section.maker().apply(new Bound(values)) : null;
  }

  private <T> @Nullable T bindVariant(Variants<T> variants, @Nullable Node node, KeyPath path) {
    List<String> choices = List.copyOf(variants.cases().keySet());
    String expected = "one of " + Values.either(choices);
    if (!(node instanceof Node.Mapping mapping)) {
      if (node != null) {
        wrongKind(
            node,
            path,
            "a section with a key " + Quote.of(variants.discriminator()),
            "write `" + variants.discriminator() + ": " + choices.getFirst() + "` and its keys");
      }
      return null;
    }
    KeyPath choicePath = path.child(variants.discriminator());
    Node.Entry entry = mapping.entries().get(variants.discriminator());
    if (entry == null) {
      missing(
          choicePath,
          placeOf(mapping),
          expected,
          "add `" + variants.discriminator() + ": " + choices.getFirst() + "`");
      return null;
    }
    Value<String> choice = Values.choiceOf(choices);
    Key<String> key = Key.of(variants.discriminator(), choice);
    String chosen = bindValue(choice, key, entry.value(), choicePath, mapping.span());
    Section<? extends T> section = chosen == null ? null : variants.cases().get(chosen);
    return section == null
        ? null
        : bindSection(section, mapping, path, mapping.span(), variants.discriminator());
  }

  private <E> List<E> bindList(
      ListOf<E> list, Key<?> key, @Nullable Node node, KeyPath path, Span parent) {
    List<E> elements = new ArrayList<>();
    switch (node) {
      case null -> {
        if (list.minCount() > 0) {
          missing(
              path,
              parent,
              "a list of at least " + list.minCount(),
              "add `" + key.name() + ": [" + key.example() + "]`");
        }
      }
      case Node.Sequence sequence -> {
        for (int i = 0; i < sequence.elements().size(); i++) {
          Node child = sequence.elements().get(i);
          E element = bind(list.element(), key, child, path.element(i), child.span());
          if (element != null) {
            elements.add(element);
          }
        }
        if (sequence.elements().size() < list.minCount() && isWhole) {
          add(
              ErrorCode.CONFIG_RANGE,
              sequence.span(),
              path,
              name(path) + " is empty, expected at least " + list.minCount(),
              "write `" + key.name() + ": [" + key.example() + "]`");
        }
      }
      default -> wrongKind(node, path, "a list", listFix(key, node));
    }
    if (elements.isEmpty() && list.minCount() == 0) {
      settings.add(new Setting(path, "[]", spanOf(node), key.change()));
    }
    return List.copyOf(elements);
  }

  private static String listFix(Key<?> key, Node node) {
    return node instanceof Node.Scalar scalar && !scalar.isNothing()
        ? "write `" + key.name() + ": [" + Quote.shown(scalar.text()) + "]`"
        : "write `" + key.name() + ": []`, or one `- ` line per element";
  }

  private <T> @Nullable T bindValue(
      Value<T> value, Key<?> key, @Nullable Node node, KeyPath path, Span parent) {
    Optional<String> defaultText = key.defaultValue();
    if (node == null) {
      if (defaultText.isEmpty()) {
        missing(
            path, parent, expectation(value), "add `" + key.name() + ": " + key.example() + "`");
        return null;
      }
      T fallback = defaultOf(value, defaultText.get(), path);
      record(path, key, value.printer().apply(fallback), Span.nowhere("default"));
      return fallback;
    }
    T read = readScalar(value, key, node, path);
    return read != null || defaultText.isEmpty() ? read : defaultOf(value, defaultText.get(), path);
  }

  private <T> @Nullable T readScalar(Value<T> value, Key<?> key, Node node, KeyPath path) {
    if (!(node instanceof Node.Scalar scalar)) {
      wrongKind(node, path, expectation(value), fix(key, ""));
      return null;
    }
    if (key.isSecret()) {
      mistakes.conceal(scalar.span());
    }
    if (scalar.isNothing()) {
      String fix =
          key.defaultValue().isPresent() ? "write a value, or remove the key" : fix(key, "");
      add(
          ErrorCode.CONFIG_TYPE,
          scalar.span(),
          path,
          name(path) + " has no value, expected " + expectation(value),
          fix);
      return null;
    }
    return switch (interpolation.resolve(scalar.text())) {
      case Reading.Rejected<Interpolation.Text> why -> {
        reject(why, scalar, key, path);
        yield null;
      }
      case Reading.Accepted<Interpolation.Text>(Interpolation.Text text) ->
          readText(value, key, scalar, text, path);
    };
  }

  private <T> @Nullable T readText(
      Value<T> value, Key<?> key, Node.Scalar scalar, Interpolation.Text text, KeyPath path) {
    return switch (value.reader().read(text.value(), environment)) {
      case Reading.Rejected<T> why -> {
        reject(why, scalar, key, path);
        yield null;
      }
      case Reading.Accepted<T>(T accepted) -> {
        String shown = text.hasFile() ? scalar.text() : value.printer().apply(accepted);
        record(path, key, shown, scalar.span());
        yield accepted;
      }
    };
  }

  /// The message shows what stands in the file: a replaced `${...}` may be a secret.
  private void reject(Reading.Rejected<?> why, Node.Scalar scalar, Key<?> key, KeyPath path) {
    String shown = key.isSecret() ? MASK : Quote.of(scalar.text());
    add(
        why.code(),
        scalar.span(),
        path,
        name(path) + " is " + shown + ", expected " + why.expected(),
        fix(key, why.fix()));
  }

  private static <T> String expectation(Value<T> value) {
    if (!value.choices().isEmpty()) {
      return Values.either(value.choices());
    }
    return value.range().isEmpty() ? value.kind() : value.kind() + " (" + value.range() + ")";
  }

  private <T> T defaultOf(Value<T> value, String text, KeyPath path) {
    return switch (value.reader().read(text, environment)) {
      case Reading.Accepted<T>(T accepted) -> accepted;
      case Reading.Rejected<T> why ->
          throw new IllegalStateException(
              path + " has the default " + text + ", expected " + why.expected());
    };
  }

  private void record(KeyPath path, Key<?> key, String text, Span span) {
    settings.add(new Setting(path, key.isSecret() ? MASK : text, span, key.change()));
  }

  private static String fix(Key<?> key, String given) {
    if (!given.isEmpty()) {
      return given;
    }
    return key.defaultValue()
        .map(text -> "write `" + key.name() + ": " + text + "` (the default), or remove the key")
        .orElse("write `" + key.name() + ": " + key.example() + "`");
  }

  private void wrongKind(Node node, KeyPath path, String expected, String fix) {
    add(
        ErrorCode.CONFIG_TYPE,
        node.span(),
        path,
        name(path) + " is " + node.kind() + ", expected " + expected,
        fix);
  }

  private void missing(KeyPath path, Span span, String expected, String fix) {
    if (isWhole) {
      add(
          ErrorCode.CONFIG_MISSING_KEY,
          span,
          path,
          name(path) + " is missing, expected " + expected,
          fix);
    }
  }

  private void add(ErrorCode code, Span span, KeyPath path, String message, String fix) {
    mistakes.error(code, span, path.pointer(), message, fix);
  }

  /// The first key of a section: what a missing one is told at.
  private static Span placeOf(Node.Mapping mapping) {
    return mapping.entries().isEmpty()
        ? mapping.span()
        : mapping.entries().values().iterator().next().key().span();
  }

  private static String name(KeyPath path) {
    return path.steps().isEmpty() ? "the file" : Quote.shown(path.toString());
  }

  private static Span spanOf(@Nullable Node node) {
    return node == null ? Span.nowhere("default") : node.span();
  }
}
