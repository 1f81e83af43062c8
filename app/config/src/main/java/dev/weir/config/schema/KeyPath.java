package dev.weir.config.schema;

import java.util.ArrayList;
import java.util.List;

/// Where a setting is: `edge.inputs[0].topic` for people, `/edge/inputs/0/topic` for programs.
public record KeyPath(List<Step> steps) {
  public static final KeyPath ROOT = new KeyPath(List.of());

  /// One step down: a key or an index.
  public sealed interface Step {
    /// Into a section.
    record Name(String name) implements Step {}

    /// Into a list, counted from 0.
    record Index(int index) implements Step {}
  }

  public KeyPath {
    steps = List.copyOf(steps);
  }

  /// The path of keys without list elements: `server.listen`.
  public static KeyPath of(String dotted) {
    KeyPath path = ROOT;
    for (String name : dotted.split("\\.", -1)) {
      path = path.child(name);
    }
    return path;
  }

  public KeyPath child(String name) {
    return plus(new Step.Name(name));
  }

  public KeyPath element(int index) {
    return plus(new Step.Index(index));
  }

  private KeyPath plus(Step step) {
    List<Step> longer = new ArrayList<>(steps);
    longer.add(step);
    return new KeyPath(longer);
  }

  /// The JSON pointer (RFC 6901).
  public String pointer() {
    StringBuilder text = new StringBuilder();
    for (Step step : steps) {
      switch (step) {
        case Step.Name(String name) ->
            text.append('/').append(name.replace("~", "~0").replace("/", "~1"));
        case Step.Index(int index) -> text.append('/').append(index);
      }
    }
    return text.toString();
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Step step : steps) {
      switch (step) {
        case Step.Name(String name) -> text.append(text.isEmpty() ? "" : ".").append(name);
        case Step.Index(int index) -> text.append('[').append(index).append(']');
      }
    }
    return text.toString();
  }
}
