package dev.weir.edge.source.prometheus;

/// When a target is scraped: once an interval, at a phase of its own, so that many targets are
/// spread over the interval and each keeps its phase through restarts (as Prometheus does,
/// scrape/target.go).
///
/// @param intervalMicros positive
/// @param phaseMicros 0 to the interval
record ScrapeSchedule(long intervalMicros, long phaseMicros) {
  /// The schedule of a target, by its address.
  static ScrapeSchedule of(String target, long intervalMicros) {
    // Spreads the hash's bits (Stafford's variant 13 of MurmurHash3's finalizer).
    long hash = target.hashCode();
    hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
    hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
    hash ^= hash >>> 31;
    return new ScrapeSchedule(intervalMicros, Math.floorMod(hash, intervalMicros));
  }

  /// From a time, in microseconds since 1970, to the next scrape: 1 to the interval. A scrape that
  /// took longer than the interval is followed by the next regular one.
  long delayMicros(long nowMicros) {
    return intervalMicros - Math.floorMod(nowMicros - phaseMicros, intervalMicros);
  }
}
