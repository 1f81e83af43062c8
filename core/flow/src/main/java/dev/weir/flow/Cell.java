package dev.weir.flow;

import dev.weir.base.Checks;
import java.util.ArrayList;
import java.util.List;

/// One cell of a machine's table: what the owner does, and the states it may land in afterwards.
///
/// @param action what the owner performs
/// @param next the allowed landings, never empty, each once
public record Cell<S extends Enum<S>, A extends Enum<A>>(A action, List<S> next) {
  public Cell {
    next = List.copyOf(next);
    Checks.argument(!next.isEmpty(), "next is empty, expected one state or more");
    Checks.argument(
        next.stream().distinct().count() == next.size(),
        "next is " + next + ", expected each state once");
  }

  /// A cell in the words of a table: do this, then be in one of these.
  @SafeVarargs
  public static <S extends Enum<S>, A extends Enum<A>> Cell<S, A> go(
      A action, S first, S... others) {
    List<S> next = new ArrayList<>(others.length + 1);
    next.add(first);
    for (S other : others) {
      next.add(other);
    }
    return new Cell<>(action, next);
  }

  /// Whether the landing is already known from the cell alone.
  public boolean hasOneLanding() {
    return next.size() == 1;
  }

  /// Whether the owner may land in the state.
  public boolean allows(S state) {
    return next.contains(state);
  }
}
