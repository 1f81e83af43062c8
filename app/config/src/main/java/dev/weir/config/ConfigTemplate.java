package dev.weir.config;

import dev.weir.config.schema.Key;
import dev.weir.config.schema.Shape;
import dev.weir.config.schema.Shape.ListOf;
import dev.weir.config.schema.Shape.Section;
import dev.weir.config.schema.Shape.Value;
import dev.weir.config.schema.Shape.Variants;

/// Writes a configuration file with every key at its default and a comment above each: what `weir
/// config init` prints.
public final class ConfigTemplate {
  private static final String INDENT = "  ";

  private final StringBuilder out = new StringBuilder();

  private ConfigTemplate() {}

  /// The whole file. Loaded as it is, it changes nothing.
  public static String text() {
    ConfigTemplate template = new ConfigTemplate();
    template.out.append(
        """
        # The configuration of Weir. Every key is at its default; remove what you do not change.
        # Values may contain ${env:NAME}, ${env:NAME:-default} and ${file:/path}; $${ is a plain ${.
        """);
    template.section(WeirSchema.ROOT, "", "");
    return template.out.toString();
  }

  /// An input of each kind with all its keys, as it stands in `edge.inputs`.
  static String inputExamples() {
    ConfigTemplate template = new ConfigTemplate();
    template.variants(InputSection.VARIANTS, "", "");
    return template.out.toString();
  }

  private void section(Section<?> section, String indent, String prefix) {
    for (Key<?> key : section.keys()) {
      key(key, indent, prefix);
    }
  }

  private void key(Key<?> key, String indent, String prefix) {
    boolean isTop = indent.isEmpty() && prefix.isEmpty();
    if (isTop && key.shape() instanceof Section<?>) {
      out.append('\n');
    }
    String comment =
        key.shape() instanceof Section<?> section ? section.description() : key.description();
    if (!comment.isEmpty()) {
      line(prefix.isEmpty() ? indent + "# " : prefix + indent + "# ", comment + facts(key));
    }
    switch (key.shape()) {
      case Value<?> _ ->
          line(prefix + indent, key.name() + ": " + key.defaultValue().orElse(key.example()));
      case Section<?> section -> {
        line(prefix + indent, key.name() + ":");
        section(section, indent + INDENT, prefix);
      }
      case Variants<?> variants -> variants(variants, indent + INDENT, prefix);
      case ListOf<?>(Shape<?> element, int minCount) -> {
        String elements = minCount == 0 ? "[]" : "[\"" + key.example() + "\"]";
        line(prefix + indent, key.name() + ": " + elements);
        if (element instanceof Variants<?> variants) {
          line(indent + "# ", "Instead of [] write below it, without the #, any of:");
          variants(variants, indent + INDENT, "# ");
        } else if (element instanceof Section<?> section) {
          line(indent + "# ", "Instead of [] write below it, without the #:");
          line("# " + indent + INDENT + "# ", section.description());
          line("# " + indent + INDENT, "-");
          section(section, indent + INDENT + INDENT, "# ");
        }
      }
    }
  }

  private void variants(Variants<?> variants, String indent, String prefix) {
    variants
        .cases()
        .forEach((name, section) -> {
          line(prefix + indent + "# ", section.description());
          line(prefix + indent, "- " + variants.discriminator() + ": " + name);
          section(section, indent + INDENT, prefix);
        });
  }

  /// The range and the way to change, where they say something.
  private static String facts(Key<?> key) {
    return switch (key.shape()) {
      case Value<?> value ->
          value.range().isEmpty() ? "" : " (" + value.kind() + ": " + value.range() + ")";
      case ListOf<?>(Value<?> value, int _) -> " (" + value.kind() + ": " + value.range() + ")";
      case ListOf<?> _, Section<?> _, Variants<?> _ -> "";
    };
  }

  private void line(String start, String text) {
    out.append(start).append(text).append('\n');
  }
}
