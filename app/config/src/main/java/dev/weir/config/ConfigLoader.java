package dev.weir.config;

import dev.weir.base.ErrorCode;
import dev.weir.config.mistake.MistakeList;
import dev.weir.config.mistake.Source;
import dev.weir.config.mistake.Span;
import dev.weir.config.schema.Binder;
import dev.weir.config.schema.Overlay;
import dev.weir.config.yaml.Document;
import dev.weir.config.yaml.Node;
import dev.weir.config.yaml.TextFile;
import dev.weir.config.yaml.YamlReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Loads the configuration: flags over environment over files over defaults.
///
/// The tiers run in one pass and add to one list of mistakes: text, syntax, schema, then what the
/// settings mean together, then (when asked) what this machine has. A later tier looks only at what
/// the earlier ones found sound, so that one slip is told once. A text with a syntax error is
/// checked up to that place and no further.
public final class ConfigLoader {
  /// Variables with this prefix are settings: `WEIR__SERVER__LISTEN`.
  static final String PREFIX = "WEIR__";

  private static final String LEVEL = "__";

  private final LoadScope scope;
  private final Map<String, String> environment;
  private final MistakeList mistakes = new MistakeList();
  private boolean isWhole = true;

  private ConfigLoader(LoadScope scope, Map<String, String> environment) {
    this.scope = scope;
    this.environment = environment;
  }

  /// Loads for any role without touching more of the machine than the files.
  public static LoadResult load(
      List<Path> files, Map<String, String> environment, Map<String, String> overrides) {
    return load(files, environment, overrides, LoadScope.ANY);
  }

  /// Loads and checks for one role.
  ///
  /// @param files read in order; a later one wins key by key, and its lists replace
  /// @param environment the variables of the process; settings are those with two underscores per
  ///   level, such as `WEIR__SERVER__DATA_DIR` or `WEIR__EDGE__INPUTS__0__TOPIC`
  /// @param overrides flags by dotted path: `server.listen`, `edge.to`, `edge.inputs.0.type`
  public static LoadResult load(
      List<Path> files,
      Map<String, String> environment,
      Map<String, String> overrides,
      LoadScope scope) {
    return new ConfigLoader(scope, Map.copyOf(environment)).load(files, overrides);
  }

  private LoadResult load(List<Path> files, Map<String, String> overrides) {
    Node tree = new Node.Mapping(Span.nowhere("default"), Map.of());
    for (Path file : files) {
      tree = Node.merge(tree, read(file));
    }
    tree = overlay(tree, overrides);
    Binder binder = new Binder(WeirSchema.ROOT, environment, mistakes, isWhole);
    WeirConfig config = binder.bindRoot(WeirSchema.ROOT, tree);
    if (isWhole) {
      Places places = new Places(tree, mistakes);
      new Semantics(config, places, scope.role()).check();
      if (scope.isEnvironmentChecked()) {
        new MachineCheck(config, places, scope.role()).check();
      }
    }
    return mistakes.hasErrors()
        ? new LoadResult.Refused(mistakes.sorted())
        : new LoadResult.Loaded(config, binder.settings(), mistakes.sorted());
  }

  private Node read(Path file) {
    Optional<Source> source = TextFile.read(file, mistakes);
    if (source.isEmpty()) {
      isWhole = false;
      return new Node.Mapping(Span.nowhere(file.toString()), Map.of());
    }
    Document document = YamlReader.read(source.get(), mistakes);
    isWhole &= document.isWhole();
    if (document.isWhole()) {
      requireVersion(document.root());
    }
    return document.root();
  }

  private void requireVersion(Node root) {
    if (root instanceof Node.Mapping mapping
        && !mapping.entries().containsKey(WeirSchema.VERSION_KEY)) {
      mistakes.error(
          ErrorCode.CONFIG_VERSION,
          new Span(root.span().source(), 1, 1, 1, 1),
          "/" + WeirSchema.VERSION_KEY,
          "the file does not state its version",
          "write `version: " + WeirSchema.VERSION + "` on the first line");
    }
  }

  private Node overlay(Node tree, Map<String, String> overrides) {
    Overlay overlay = new Overlay(WeirSchema.ROOT, mistakes);
    Node changed = tree;
    for (Single single : fromEnvironment()) {
      changed = overlay.put(changed, single.path(), single.source());
    }
    for (Single single : fromFlags(overrides)) {
      changed = overlay.put(changed, single.path(), single.source());
    }
    return changed;
  }

  private List<Single> fromEnvironment() {
    List<Single> singles = new ArrayList<>();
    environment.forEach((name, value) -> {
      if (name.startsWith(PREFIX) && name.length() > PREFIX.length()) {
        List<String> path = List.of(name.substring(PREFIX.length()).split(LEVEL, -1));
        singles.add(new Single(path, Source.of(Source.Kind.ENVIRONMENT, "env " + name, value)));
      }
    });
    singles.sort(Single.PARENTS_FIRST);
    return singles;
  }

  private static List<Single> fromFlags(Map<String, String> overrides) {
    List<Single> singles = new ArrayList<>();
    overrides.forEach((name, value) ->
        singles.add(
            new Single(
                List.of(name.split("\\.", -1)),
                Source.of(Source.Kind.FLAG, "flag " + name, value))));
    singles.sort(Single.PARENTS_FIRST);
    return singles;
  }

  /// One setting outside of the files.
  private record Single(List<String> path, Source source) {
    /// A list comes before its elements, and element 9 before element 10.
    static final Comparator<Single> PARENTS_FIRST =
        (a, b) -> {
          int shared = Math.min(a.path.size(), b.path.size());
          for (int i = 0; i < shared; i++) {
            int order = compare(a.path.get(i), b.path.get(i));
            if (order != 0) {
              return order;
            }
          }
          return Integer.compare(a.path.size(), b.path.size());
        };

    private static int compare(String a, String b) {
      boolean areNumbers = a.matches("\\d{1,4}") && b.matches("\\d{1,4}");
      return areNumbers
          ? Integer.compare(Integer.parseInt(a), Integer.parseInt(b))
          : a.compareTo(b);
    }
  }
}
