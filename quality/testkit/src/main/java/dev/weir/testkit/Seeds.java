package dev.weir.testkit;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Randomness for tests that can be replayed: the seed comes from the environment variable
/// `WEIR_SEED`, else from the machine, and is printed, so that a failing run names what to set.
public final class Seeds {
  private static final String VARIABLE = "WEIR_SEED";

  private Seeds() {}

  /// A generator for the named test; prints its seed.
  public static RandomGenerator random(String test) {
    return random(test, seed());
  }

  /// A generator with a given seed; prints it.
  public static RandomGenerator random(String test, long seed) {
    System.out.println(VARIABLE + "=" + seed + " replays " + test);
    return new SplittableRandom(seed);
  }

  /// The seed of the environment, or a fresh one. The caller prints it.
  public static long seed() {
    @Nullable String text = System.getenv(VARIABLE);
    return text == null || text.isBlank()
        ? new SplittableRandom().nextLong()
        : Long.parseLong(text.strip());
  }
}
