package dev.weir.flow;

import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/// What held a sender back over some time, each as a share of that time from 0 to 1. They add up to
/// less than 1 where there was no session.
public record LimitShares(
    double window, double credit, double transport, double spool, double cpu) {
  /// Nothing is known.
  public static final LimitShares NONE = new LimitShares(0, 0, 0, 0, 0);

  /// The share of one reason.
  public double of(LimitedBy reason) {
    return switch (reason) {
      case WINDOW -> window;
      case CREDIT -> credit;
      case TRANSPORT -> transport;
      case SPOOL -> spool;
      case CPU -> cpu;
    };
  }

  /// The reason with the largest share; empty when nothing is known.
  public Optional<LimitedBy> most() {
    return Stream.of(LimitedBy.values())
        .filter(reason -> of(reason) > 0)
        .max(Comparator.comparingDouble(this::of));
  }
}
