package dev.weir.broker;

import dev.weir.message.Message;

/// A request as it is handed to who answers it.
///
/// @param number names it while the process runs
/// @param untilMicros when nobody waits for the reply any more, microseconds since 1970
public record IncomingRequest(long number, Message message, long untilMicros) {}
