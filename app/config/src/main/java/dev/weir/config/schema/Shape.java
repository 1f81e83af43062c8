package dev.weir.config.schema;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What a key may hold: the four building blocks of a schema.
public sealed interface Shape<T> {
  /// One scalar.
  ///
  /// @param kind the name of its type in the docs: `size`
  /// @param range what is allowed, for people: `1KiB to 16MiB`; may be empty
  /// @param choices every allowed text when there are few; else empty
  /// @param printer writes a value so that `reader` reads the same one
  record Value<T>(
      String kind,
      String range,
      List<String> choices,
      ValueReader<T> reader,
      Function<T, String> printer)
      implements Shape<T> {
    public Value {
      choices = List.copyOf(choices);
    }
  }

  /// A list of one shape.
  record ListOf<T>(Shape<T> element, int minCount) implements Shape<List<T>> {}

  /// Named keys that make one record.
  record Section<T>(String description, List<Key<?>> keys, Function<Bound, T> maker)
      implements Shape<T> {
    public Section {
      keys = List.copyOf(keys);
    }
  }

  /// Sections of which one key, the discriminator, chooses.
  record Variants<T>(String discriminator, Map<String, Section<? extends T>> cases)
      implements Shape<T> {
    public Variants {
      cases = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(cases));
    }

    /// The keys of every case, for a reader that does not know the case yet.
    public List<Key<?>> allKeys() {
      Map<String, Key<?>> byName = new LinkedHashMap<>();
      Key<String> choice = Key.of(discriminator, Values.choiceOf(List.copyOf(cases.keySet())));
      byName.put(discriminator, choice);
      cases.values().forEach(c -> c.keys().forEach(key -> byName.putIfAbsent(key.name(), key)));
      return List.copyOf(byName.values());
    }
  }

  /// Reads the text of a scalar.
  @FunctionalInterface
  interface ValueReader<T> {
    /// @param environment the environment variables, for defaults that depend on the user
    Reading<T> read(String text, Map<String, String> environment);
  }

  /// The values of one section, handed to what makes the record.
  final class Bound {
    private final Map<String, Object> values;

    Bound(Map<String, Object> values) {
      this.values = values;
    }

    public <T> T get(Key<T> key) {
      @Nullable Object value = values.get(key.name());
      if (value == null) {
        throw new IllegalStateException("the section does not declare " + key.name());
      }
      @SuppressWarnings("unchecked") // the binder stores under a key what the key's shape reads
      T typed = (T) value;
      return typed;
    }
  }
}
