package dev.weir.rpc;

import io.grpc.Attributes;
import io.grpc.Metadata;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/// What a server knows of a call before its first message.
///
/// @param authority who was called; null when the client did not say
/// @param deadlineMicros what is left; -1 for no deadline, or one that stands in the headers
/// @param attributes of the connection
/// @param loop the connection's
record CallFacts(
    Metadata headers,
    @Nullable String authority,
    long deadlineMicros,
    Attributes attributes,
    EventLoop loop) {

  /// What is left in nanoseconds; -1 for no deadline. The headers say it afterwards in any case.
  long timeoutNanos() {
    if (deadlineMicros >= 0) {
      headers.discardAll(MetadataCodec.TIMEOUT);
      headers.put(MetadataCodec.TIMEOUT, Timeouts.header(deadlineMicros));
      return deadlineMicros * 1_000;
    }
    String header = headers.get(MetadataCodec.TIMEOUT);
    return header == null ? -1 : Timeouts.nanos(header);
  }
}
