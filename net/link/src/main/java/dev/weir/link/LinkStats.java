package dev.weir.link;

import dev.weir.flow.LimitedBy;

/// A link at one moment; counters count since its start.
///
/// @param state where it stands
/// @param target the core of the current or last attempt
/// @param windowBytes the window's limit on what is in flight
/// @param inFlightBytes header and payload of frames sent and not acked
/// @param inFlightFrames their number
/// @param creditBytes what the core still allows
/// @param rttMicros smoothed round trip without the core's commit, 0 before the first ack
/// @param commitMicros the core's write and fsync, as last reported
/// @param ackedBytesPerSecond over the last full second
/// @param limitedBy why nothing more went out when sending last paused
/// @param sessions welcomes so far
/// @param reconnects connections lost or refused so far
/// @param heartbeatsMissed beats at which nothing had come from the core
/// @param sentFrames frames sent, again and again counted
/// @param sentBytes their header and payload
/// @param resentFrames frames sent more than once
/// @param ackedFrames frames settled
/// @param ackedBytes their header and payload
/// @param refusedFrames frames that the core will never store
/// @param skippedFrames frames that this core lacks and the source no longer has: stored by another
///   core, or lost with a core that was restored from a backup
/// @param protocolErrors answers that cannot be true
/// @param publishedDictionaries dictionaries sent to a core
/// @param recodedFrames frames compressed again without a dictionary that a core did not take
public record LinkStats(
    LinkState state,
    String target,
    long windowBytes,
    long inFlightBytes,
    long inFlightFrames,
    long creditBytes,
    long rttMicros,
    long commitMicros,
    long ackedBytesPerSecond,
    LimitedBy limitedBy,
    long sessions,
    long reconnects,
    long heartbeatsMissed,
    long sentFrames,
    long sentBytes,
    long resentFrames,
    long ackedFrames,
    long ackedBytes,
    long refusedFrames,
    long skippedFrames,
    long protocolErrors,
    long publishedDictionaries,
    long recodedFrames) {}
