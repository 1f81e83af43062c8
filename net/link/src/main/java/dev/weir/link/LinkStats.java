package dev.weir.link;

import dev.weir.flow.LimitShares;
import dev.weir.flow.LimitedBy;
import dev.weir.flow.PathFigures;

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
/// @param path what the window measured: delivery rate, smallest round trip, commit and queue at
///   the core
/// @param ackedBytesPerSecond over the last full second
/// @param limitedBy why nothing more went out when sending last paused
/// @param limits what held sending back over the last full second
/// @param sessions welcomes so far
/// @param reconnects connections lost or refused so far
/// @param heartbeats beats of this side
/// @param heartbeatsHeard beats of the core that were judged, answers to ours included
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
    PathFigures path,
    long ackedBytesPerSecond,
    LimitedBy limitedBy,
    LimitShares limits,
    long sessions,
    long reconnects,
    long heartbeats,
    long heartbeatsHeard,
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
