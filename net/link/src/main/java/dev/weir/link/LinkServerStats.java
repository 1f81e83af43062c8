package dev.weir.link;

/// A core's end of its links at one moment; counters count since the start.
///
/// @param sessions streams of version 2 that were welcomed and are open
/// @param plainStreams streams of single messages that are open
/// @param queuedBytes header and payload taken and not stored yet, over all streams
/// @param frames frames that arrived
/// @param bytes their header and payload
/// @param messages messages that arrived outside frames
/// @param storedFrames frames that became durable
/// @param storedMessages messages outside frames that became durable
/// @param duplicates frames that had arrived before
/// @param invalid frames that will never be stored
/// @param nacks nacks sent, of every reason
/// @param overCredit frames that were sent beyond the credit
/// @param dropped messages of version 1 dropped from full queues
/// @param superseded sessions that a newer one of the same identity ended
/// @param rejected streams that were refused at their first request
/// @param protocolErrors streams closed for what cannot be
/// @param lost streams ended by silence or a direction that stood still
/// @param dictionaries published by senders and kept
/// @param refusedDictionaries published by senders and not kept
public record LinkServerStats(
    long sessions,
    long plainStreams,
    long queuedBytes,
    long frames,
    long bytes,
    long messages,
    long storedFrames,
    long storedMessages,
    long duplicates,
    long invalid,
    long nacks,
    long overCredit,
    long dropped,
    long superseded,
    long rejected,
    long protocolErrors,
    long lost,
    long dictionaries,
    long refusedDictionaries) {}
