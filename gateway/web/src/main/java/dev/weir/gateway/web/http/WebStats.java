package dev.weir.gateway.web.http;

/// What the web's doors have seen since they opened.
///
/// @param succeeded requests answered with 2xx or 3xx
/// @param refused requests answered with 4xx
/// @param failed requests answered with 5xx
/// @param refusedOrigins of the refused, those of pages that may not use the core
/// @param slow connections closed because a request or the taking of an answer took too long
/// @param published messages stored
/// @param delivered messages sent on streams and to consumers
/// @param eventStreams SSE subscriptions now
/// @param sockets WebSocket connections now
/// @param faultyFrames WebSocket frames that were refused
/// @param heldBytes bodies of requests in memory now
/// @param leases messages that pulls hold now
public record WebStats(
    long succeeded,
    long refused,
    long failed,
    long refusedOrigins,
    long slow,
    long published,
    long delivered,
    int eventStreams,
    int sockets,
    long faultyFrames,
    long heldBytes,
    int leases) {
  /// Of a door that is not open.
  public static final WebStats NONE = new WebStats(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}
