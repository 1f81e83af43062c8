package dev.weir.config;

import dev.weir.base.ByteSize;
import java.time.Duration;

/// The key/value buckets of a core or of a storage node.
///
/// @param tombstones how long a deletion is remembered at least
public record KvStoreConfig(
    ByteSize segmentBytes,
    ByteSize queueBytes,
    ByteSize cacheBytes,
    ByteSize maxValue,
    int maxBuckets,
    Duration tombstones) {}
