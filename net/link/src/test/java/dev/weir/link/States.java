package dev.weir.link;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Remembers what a link told of itself.
final class States implements LinkListener {
  private final List<LinkState> seen = new CopyOnWriteArrayList<>();

  @Override
  public void state(LinkState state) {
    seen.add(state);
  }

  List<LinkState> seen() {
    return List.copyOf(seen);
  }

  long count(Class<? extends LinkState> kind) {
    return seen.stream().filter(kind::isInstance).count();
  }

  /// The first of a kind.
  <S extends LinkState> S first(Class<S> kind) {
    return seen.stream().filter(kind::isInstance).map(kind::cast).findFirst().orElseThrow();
  }

  boolean isLast(Class<? extends LinkState> kind) {
    return !seen.isEmpty() && kind.isInstance(seen.getLast());
  }
}
