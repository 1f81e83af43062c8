package dev.weir.broker.direct;

import dev.weir.message.Message;

/// A message as it was read back from the stream.
///
/// @param storedMicros when it was committed, microseconds since 1970
record StreamMessage(Message message, long storedMicros) {}
