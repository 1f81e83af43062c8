package dev.weir.testkit;

import java.util.random.RandomGenerator;

/// Which unforced writes outlive a power cut.
enum Survival {
  NOTHING,
  EVERYTHING,
  ANY_SUBSET;

  static Survival of(RandomGenerator random) {
    // Subsets find the most, the two ends find what subsets of many sectors almost never are.
    return switch (random.nextInt(4)) {
      case 0 -> NOTHING;
      case 1 -> EVERYTHING;
      default -> ANY_SUBSET;
    };
  }

  /// Picks one of `count` versions, 0 being the forced one and the last the newest.
  int choose(int count, RandomGenerator random) {
    return switch (this) {
      case NOTHING -> 0;
      case EVERYTHING -> count - 1;
      case ANY_SUBSET -> random.nextInt(count);
    };
  }
}
