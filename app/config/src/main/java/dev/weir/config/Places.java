package dev.weir.config;

import dev.weir.base.ErrorCode;
import dev.weir.config.mistake.MistakeList;
import dev.weir.config.mistake.Span;
import dev.weir.config.schema.KeyPath;
import dev.weir.config.yaml.Node;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Adds mistakes about settings by their paths: finds where they were written, and stays silent
/// about those that an earlier tier refused.
final class Places {
  private final Node tree;
  private final MistakeList mistakes;
  private final Set<String> faultyPointers;

  Places(Node tree, MistakeList mistakes) {
    this.tree = tree;
    this.mistakes = mistakes;
    this.faultyPointers = mistakes.faultyPointers();
  }

  /// Refuses the first of the involved settings, unless one of them is not sound.
  void error(ErrorCode code, List<KeyPath> involved, String message, String fix) {
    if (areSound(involved)) {
      KeyPath first = involved.getFirst();
      mistakes.error(code, spanOf(first), first.pointer(), message, fix);
    }
  }

  void warning(List<KeyPath> involved, String message, String fix) {
    if (areSound(involved)) {
      KeyPath first = involved.getFirst();
      mistakes.warning(ErrorCode.CONFIG_CONFLICT, spanOf(first), first.pointer(), message, fix);
    }
  }

  /// Refuses a certificate without its key, and a key without its certificate.
  void requirePair(String section, Optional<Path> certificate, Optional<Path> key) {
    if (certificate.isPresent() != key.isPresent()) {
      KeyPath given = KeyPath.of(section + (key.isPresent() ? ".key" : ".certificate"));
      KeyPath missing = KeyPath.of(section + (key.isPresent() ? ".certificate" : ".key"));
      error(
          ErrorCode.CONFIG_MISSING_KEY,
          List.of(given, missing),
          given + " is set and " + missing + " is not, expected both or none",
          "name the file of each");
    }
  }

  /// Whether the setting was written down at all.
  boolean isWritten(KeyPath path) {
    return deepest(path).isExact();
  }

  private boolean areSound(List<KeyPath> involved) {
    return involved.stream().map(KeyPath::pointer).allMatch(this::isSound);
  }

  /// Whether nothing at, above or below the setting was refused.
  private boolean isSound(String pointer) {
    for (String part = pointer; !part.isEmpty(); part = part.substring(0, part.lastIndexOf('/'))) {
      if (faultyPointers.contains(part)) {
        return false;
      }
    }
    return faultyPointers.stream().noneMatch(faulty -> faulty.startsWith(pointer + "/"));
  }

  /// Where the setting stands, or the nearest section that would hold it.
  private Span spanOf(KeyPath path) {
    return deepest(path).span();
  }

  private Found deepest(KeyPath path) {
    Node node = tree;
    Span span = Span.nowhere("(default)");
    for (KeyPath.Step step : path.steps()) {
      switch (step) {
        case KeyPath.Step.Name(String name) -> {
          if (!(node instanceof Node.Mapping mapping) || !mapping.entries().containsKey(name)) {
            return new Found(span, false);
          }
          Node.Entry entry = mapping.entries().get(name);
          span = entry.key().span();
          node = entry.value();
        }
        case KeyPath.Step.Index(int index) -> {
          if (!(node instanceof Node.Sequence list) || index >= list.elements().size()) {
            return new Found(span, false);
          }
          node = list.elements().get(index);
          span = node.span();
        }
      }
    }
    return new Found(
        node instanceof Node.Scalar || node instanceof Node.Sequence ? node.span() : span, true);
  }

  private record Found(Span span, boolean isExact) {}
}
