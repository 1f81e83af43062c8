package dev.weir.config;

import dev.weir.config.schema.Key;
import dev.weir.config.schema.Setting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What another configuration would change: which values a running node can take, and which wait
/// for its next start.
///
/// @param steps in the order of the schema
public record ReloadPlan(List<Step> steps) {
  public ReloadPlan {
    steps = List.copyOf(steps);
  }

  /// One value that differs.
  ///
  /// @param before as configuration writes it, empty when there was none
  /// @param after likewise
  /// @param isHot whether a running node can take it
  public record Step(String path, String before, String after, boolean isHot) {
    /// `+` is new, `-` is gone, `~` is another.
    @Override
    public String toString() {
      String values =
          before.isEmpty()
              ? "+ " + path + " = " + after
              : after.isEmpty()
                  ? "- " + path + " = " + before
                  : "~ " + path + " = " + after + " (was " + before + ")";
      return values + (isHot ? "" : ", at the next start");
    }
  }

  /// Compares what is in force with what would be.
  public static ReloadPlan between(List<Setting> before, List<Setting> after) {
    Map<String, Setting> former = byPath(before);
    Map<String, Setting> next = byPath(after);
    List<Step> steps = new ArrayList<>();
    next.forEach((path, setting) -> {
      Setting was = former.get(path);
      if (was == null || !was.text().equals(setting.text())) {
        steps.add(step(path, was == null ? "" : was.text(), setting.text(), setting));
      }
    });
    former.forEach((path, setting) -> {
      if (!next.containsKey(path)) {
        steps.add(step(path, setting.text(), "", setting));
      }
    });
    return new ReloadPlan(steps);
  }

  /// What is in force once a node took what it can: the rest is as it was.
  public static List<Setting> taken(List<Setting> before, List<Setting> after) {
    List<Setting> taken = new ArrayList<>();
    after.stream().filter(setting -> setting.change() == Key.Change.HOT).forEach(taken::add);
    before.stream().filter(setting -> setting.change() != Key.Change.HOT).forEach(taken::add);
    return List.copyOf(taken);
  }

  private static Step step(String path, String before, String after, Setting setting) {
    return new Step(path, before, after, setting.change() == Key.Change.HOT);
  }

  private static Map<String, Setting> byPath(List<Setting> settings) {
    Map<String, Setting> byPath = new LinkedHashMap<>();
    settings.forEach(setting -> byPath.put(setting.path().toString(), setting));
    return byPath;
  }

  /// Whether nothing differs.
  public boolean isEmpty() {
    return steps.isEmpty();
  }

  /// A line a value.
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    steps.forEach(step -> out.append("  ").append(step).append('\n'));
    return out.toString();
  }
}
