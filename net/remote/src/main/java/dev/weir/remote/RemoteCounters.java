package dev.weir.remote;

/// What a remote has done so far.
///
/// @param sent messages given to a connection for the first time
/// @param resent messages given to a later connection again
/// @param answered replies passed on
/// @param repeated answers that had come already, dropped
/// @param connected connections made
public record RemoteCounters(
    long sent, long resent, long answered, long repeated, long connected) {}
