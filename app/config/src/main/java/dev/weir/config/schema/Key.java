package dev.weir.config.schema;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One key of a section: everything that parsing, messages, docs and the commented template need.
///
/// @param defaultText what an absent key means; null when the key must be there (a list or section
///   that may be empty needs none)
/// @param example a text for the template where there is no default
/// @param change whether a reload may change it
/// @param isSecret whether its value is masked when shown
public record Key<T>(
    String name,
    Shape<T> shape,
    @Nullable String defaultText,
    String example,
    String description,
    Change change,
    boolean isSecret) {
  /// What a changed value needs.
  public enum Change {
    HOT("reload"),
    RESTART("restart");

    private final String label;

    Change(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }
  }

  public static <T> Key<T> of(String name, Shape<T> shape) {
    return new Key<>(name, shape, null, "", "", Change.RESTART, false);
  }

  public Key<T> defaults(String text) {
    return new Key<>(name, shape, text, example, description, change, isSecret);
  }

  public Key<T> example(String text) {
    return new Key<>(name, shape, defaultText, text, description, change, isSecret);
  }

  public Key<T> about(String text) {
    return new Key<>(name, shape, defaultText, example, text, change, isSecret);
  }

  public Key<T> hot() {
    return new Key<>(name, shape, defaultText, example, description, Change.HOT, isSecret);
  }

  public Key<T> secret() {
    return new Key<>(name, shape, defaultText, example, description, change, true);
  }

  public Optional<String> defaultValue() {
    return Optional.ofNullable(defaultText);
  }
}
