package dev.weir.client;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.client.ClientExplanation.ResponderView;
import java.util.List;

/// What became of requests: those that came to nothing, as far as the core remembers them, and who
/// answers now.
///
/// @param unanswered the newest first
/// @param responders who answers the topic that was asked about; empty where none was
public record RequestsExplanation(List<Unanswered> unanswered, List<ResponderView> responders) {
  public RequestsExplanation {
    unanswered = List.copyOf(unanswered);
    responders = List.copyOf(responders);
  }

  /// A request that came to nothing.
  ///
  /// @param atMicros when its asker was told, microseconds since 1970
  /// @param id empty without one
  /// @param key empty without one
  /// @param code why; BUG for one that this client does not know
  public record Unanswered(long atMicros, String topic, Bytes id, Bytes key, ErrorCode code) {}
}
