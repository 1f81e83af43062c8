package dev.weir.broker;

/// What a reader of a partition meets.
public sealed interface StoredEvent permits StoredBatch, StoredGap {}
