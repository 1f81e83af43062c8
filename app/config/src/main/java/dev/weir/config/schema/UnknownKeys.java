package dev.weir.config.schema;

import dev.weir.base.ErrorCode;
import dev.weir.config.mistake.MistakeList;
import dev.weir.config.mistake.Quote;
import dev.weir.config.schema.Shape.ListOf;
import dev.weir.config.schema.Shape.Section;
import dev.weir.config.schema.Shape.Value;
import dev.weir.config.schema.Shape.Variants;
import dev.weir.config.yaml.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Says what an unknown key was probably meant to be: a neighbour that is spelled alike, or a key
/// that lives in another section.
final class UnknownKeys {
  private final Map<String, String> homes = new LinkedHashMap<>();

  UnknownKeys(Section<?> root) {
    collect(root, KeyPath.ROOT.toString());
  }

  void report(Node.Scalar key, KeyPath section, List<Key<?>> known, MistakeList mistakes) {
    String at = section.steps().isEmpty() ? "at the top" : "in " + section;
    mistakes.error(
        ErrorCode.CONFIG_UNKNOWN_KEY,
        key.span(),
        section.child(key.text()).pointer(),
        "unknown key " + Quote.of(key.text()) + " " + Quote.shown(at),
        fix(key.text(), known));
  }

  String fix(String key, List<Key<?>> known) {
    List<String> names = known.stream().map(Key::name).toList();
    Optional<String> near = Suggestion.nearest(key, names);
    if (near.isPresent()) {
      return "did you mean " + near.get() + "?";
    }
    String home = homes.get(key);
    if (key.equals("<<")) {
      return "merge keys are not read, write the keys themselves";
    }
    return home != null
        ? Quote.shown(key) + " belongs " + home
        : "the keys here are " + String.join(", ", names);
  }

  private void collect(Shape<?> shape, String home) {
    switch (shape) {
      case Value<?> _ -> {}
      case ListOf<?>(Shape<?> element, int _) -> collect(element, home);
      case Variants<?> variants ->
          variants
              .cases()
              .forEach((name, section) ->
                  collect(section, home + " with " + variants.discriminator() + ": " + name));
      case Section<?> section -> {
        for (Key<?> key : section.keys()) {
          homes.putIfAbsent(key.name(), home.isEmpty() ? "at the top" : "in " + home);
          collect(key.shape(), home.isEmpty() ? key.name() : home + "." + key.name());
        }
      }
    }
  }
}
