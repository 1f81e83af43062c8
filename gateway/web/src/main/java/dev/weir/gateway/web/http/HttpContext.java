package dev.weir.gateway.web.http;

import java.util.concurrent.Executor;

/// What all connections of a door share.
///
/// @param answering runs routes, each on a virtual thread
public record HttpContext(
    RouteTable routes,
    Entrance entrance,
    OriginPolicy origins,
    WebLimits limits,
    WebCounters counters,
    Executor answering) {}
