package dev.weir.kv;

import dev.weir.base.Checks;
import java.time.Duration;

/// How one bucket is kept.
///
/// @param history how many revisions of a key are kept, the newest included, 1 to 64
/// @param ttl how long a value lives when its writer says nothing; zero for ever
public record BucketConfig(int history, Duration ttl) {
  /// Only the newest revision, for ever.
  public static final BucketConfig DEFAULT = new BucketConfig(1, Duration.ZERO);

  /// Enough to see how a value came about; each revision costs memory in the index.
  public static final int MAX_HISTORY = 64;

  public BucketConfig {
    Checks.range("history", history, 1, MAX_HISTORY);
    Checks.argument(!ttl.isNegative(), "ttl is " + ttl + ", expected 0 or more");
  }
}
