package dev.weir.client;

import dev.weir.base.Bytes;
import java.time.Duration;

/// Somebody who is present at a topic.
///
/// @param name its own within the topic
/// @param user whose it is; empty where the core asks nobody who he is
/// @param data what it says of itself
/// @param sinceMicros when it entered, microseconds since 1970
/// @param grace how long it stays once nobody holds it
public record Member(String name, String user, Bytes data, long sinceMicros, Duration grace) {}
