package dev.weir.broker.explain;

import dev.weir.base.Bytes;
import dev.weir.message.Position;
import dev.weir.message.TopicFilter;
import java.io.IOException;
import java.util.List;

/// Tells of single messages why they were or were not delivered. For operators: a question about
/// messages reads the disk and may take seconds, so not within an event loop.
public interface Explanations {
  /// The stream in which messages stand.
  String stream();

  /// What is known of a message.
  ///
  /// @throws dev.weir.base.WeirException with INVALID_CURSOR for a stream or partition that there
  ///   is not
  /// @throws IOException when the disk refuses
  MessageTrace message(Position position) throws IOException;

  /// Where the messages with an id or a key stand: the newest 10, the newest first.
  ///
  /// @throws IOException when the disk refuses
  List<Position> find(MessageSearch search) throws IOException;

  /// The newest requests that came to nothing, the newest first, at most 10 of the newest 1,024.
  ///
  /// @param filter their topics
  /// @param id the asker's; empty for any
  /// @param key empty for any
  List<RequestTrace> requests(TopicFilter filter, Bytes id, Bytes key);

  /// Who answers requests to a topic now.
  List<ResponderTrace> responders(String topic);

  /// What a client has open. Waits for the thread of presence.
  ///
  /// @param origin where it is, `HOST:PORT`
  ClientTrace client(String origin);
}
