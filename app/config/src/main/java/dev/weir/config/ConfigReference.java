package dev.weir.config;

import dev.weir.config.schema.Key;
import dev.weir.config.schema.Shape;
import dev.weir.config.schema.Shape.ListOf;
import dev.weir.config.schema.Shape.Section;
import dev.weir.config.schema.Shape.Value;
import dev.weir.config.schema.Shape.Variants;
import java.util.ArrayList;
import java.util.List;

/// Prints the reference of all keys as Markdown from the schema.
public final class ConfigReference {
  private static final String HEADER =
      """
      | Key | Type | Default | Range | Change | Meaning |
      |---|---|---|---|---|---|
      """;

  private final StringBuilder out = new StringBuilder();

  private ConfigReference() {}

  /// The whole page.
  public static String markdown() {
    ConfigReference reference = new ConfigReference();
    reference.out.append(
        """
        # Configuration reference
        <!-- Printed from the schema in app/config; a test compares it. Regenerate with -Dweir.docs.write=true. -->

        One YAML file (JSON is YAML too) whose first line is `version: 1`. Unknown keys are errors.
        Sizes are `64KiB` or `64KB`, durations `500ms`, `30s`, `10m`, `12h`, `7d`. "Change" says
        whether a changed value needs a reload or a restart.

        Precedence: flag, then environment (`WEIR__SERVER__DATA_DIR`: two underscores per level, list
        elements by index), then the files in order, then the default.
        """);
    for (Key<?> key : WeirSchema.ROOT.keys()) {
      if (key.shape() instanceof Section<?> section) {
        reference.chapter(key.name(), section);
      }
    }
    return reference.out.toString();
  }

  private void chapter(String name, Section<?> section) {
    out.append("\n## ").append(name).append('\n').append(section.description()).append("\n\n");
    out.append(HEADER);
    List<Variants<?>> variants = new ArrayList<>();
    rows("", section, variants);
    for (Variants<?> of : variants) {
      of.cases()
          .forEach((choice, keys) -> {
            out.append("\n### ").append(name).append(" inputs of type ").append(choice);
            out.append('\n').append(keys.description()).append("\n\n").append(HEADER);
            rows("", keys, new ArrayList<>());
          });
    }
  }

  private void rows(String prefix, Section<?> section, List<Variants<?>> variants) {
    for (Key<?> key : section.keys()) {
      String name = prefix + key.name();
      switch (key.shape()) {
        case Value<?> value -> row(name, key, value.kind(), value.range());
        case Section<?> inner -> rows(name + ".", inner, variants);
        case Variants<?> inner -> variants.add(inner);
        case ListOf<?>(Shape<?> element, int _) -> {
          switch (element) {
            case Value<?> value -> row(name, key, "list of " + value.kind(), value.range());
            case Variants<?> inner -> {
              row(name, key, "list", "one `" + inner.discriminator() + "` each, see below");
              variants.add(inner);
            }
            case Section<?> inner -> {
              row(name, key, "list", "");
              rows(name + "[].", inner, variants);
            }
            case ListOf<?> _ -> row(name, key, "list", "");
          }
        }
      }
    }
  }

  private void row(String name, Key<?> key, String kind, String range) {
    boolean isEmptyListAllowed = key.shape() instanceof ListOf<?> list && list.minCount() == 0;
    String byDefault =
        key.defaultValue()
            .map(text -> "`" + text + "`")
            .orElse(isEmptyListAllowed ? "`[]`" : "required");
    out.append("| `").append(name).append("` | ").append(kind).append(" | ").append(byDefault);
    out.append(" | ").append(range).append(" | ").append(key.change().label());
    out.append(" | ").append(key.description()).append(" |\n");
  }
}
