package dev.weir.broker.explain;

import java.time.Duration;

/// A member that a client holds at a topic of presence.
///
/// @param user whose it is; empty for nobody's
/// @param sinceMicros when it entered, microseconds since 1970
/// @param grace how long it stays once nobody holds it
/// @param holders connections that hold it, this one included
public record MembershipTrace(
    String topic, String member, String user, long sinceMicros, Duration grace, int holders) {}
