package dev.weir.config.mistake;

import dev.weir.base.ErrorCode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Collects the mistakes of one run. Belongs to the one thread that loads.
///
/// Bounded: a person corrects the first dozens and runs again, and a hostile file must not fill the
/// terminal or the memory.
public final class MistakeList {
  /// More than fits on a few screens helps nobody.
  static final int MAX_KEPT = 100;

  private final List<Mistake> kept = new ArrayList<>();
  private final Set<String> faultyPointers = new HashSet<>();
  private final IdentityHashMap<Source, Source> concealed = new IdentityHashMap<>();
  private int leftOutCount;
  private int errorCount;

  public void add(Mistake mistake) {
    faultyPointers.add(mistake.pointer());
    errorCount += mistake.isError() ? 1 : 0;
    if (kept.size() < MAX_KEPT) {
      kept.add(mistake);
    } else {
      leftOutCount++;
    }
  }

  public void error(ErrorCode code, Span span, String pointer, String message, String fix) {
    add(new Mistake(code, Severity.ERROR, span, pointer, message, fix));
  }

  public void warning(ErrorCode code, Span span, String pointer, String message, String fix) {
    add(new Mistake(code, Severity.WARNING, span, pointer, message, fix));
  }

  /// Keeps a secret out of the source lines of all mistakes, also of those about its neighbours.
  public void conceal(Span secret) {
    concealed.merge(
        secret.source(), secret.source().without(secret), (before, _) -> before.without(secret));
  }

  /// The pointers of the settings that are wrong so far.
  public Set<String> faultyPointers() {
    return Set.copyOf(faultyPointers);
  }

  public boolean hasErrors() {
    return errorCount > 0;
  }

  /// All of them: source by source in the order of loading, by line and column within one.
  public List<Mistake> sorted() {
    Map<String, List<Mistake>> bySource = new LinkedHashMap<>();
    for (Mistake mistake : kept) {
      bySource
          .computeIfAbsent(mistake.span().source().name(), _ -> new ArrayList<>())
          .add(withoutSecrets(mistake));
    }
    List<Mistake> sorted = new ArrayList<>();
    for (List<Mistake> ofSource : bySource.values()) {
      ofSource.sort(Mistake.BY_PLACE);
      sorted.addAll(ofSource);
    }
    if (leftOutCount > 0) {
      sorted.add(
          new Mistake(
              ErrorCode.CONFIG_INVALID,
              errorCount > 0 ? Severity.ERROR : Severity.WARNING,
              Span.nowhere("(more)"),
              "",
              leftOutCount + " more mistakes are not shown",
              "correct those above and check again"));
    }
    return List.copyOf(sorted);
  }

  private Mistake withoutSecrets(Mistake mistake) {
    Source source = concealed.get(mistake.span().source());
    return source == null
        ? mistake
        : new Mistake(
            mistake.code(),
            mistake.severity(),
            mistake.span().in(source),
            mistake.pointer(),
            mistake.message(),
            mistake.fix());
  }
}
