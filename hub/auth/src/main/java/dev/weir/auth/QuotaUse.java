package dev.weir.auth;

/// What one user has of its quota at one moment.
///
/// @param connections at this moment, over all protocols
/// @param subscriptions at this moment, consumers of queues included
/// @param isPaced whether a publish would have to wait now
public record QuotaUse(Quota quota, long connections, long subscriptions, boolean isPaced) {}
