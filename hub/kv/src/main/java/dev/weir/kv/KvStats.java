package dev.weir.kv;

import dev.weir.log.LogStats;

/// A store's figures at one moment.
///
/// @param revisions kept, deletions included
/// @param liveBytes of the log that are still needed, about
/// @param watchers that follow a bucket
public record KvStats(int buckets, long revisions, long liveBytes, int watchers, LogStats log) {}
