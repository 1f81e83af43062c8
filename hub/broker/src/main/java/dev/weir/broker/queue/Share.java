package dev.weir.broker.queue;

/// What one consumer may hold and holds.
public record Share(int prefetch, int held) {}
