package dev.weir.link;

import dev.weir.base.WeirException;
import dev.weir.message.Dictionary;
import dev.weir.proto.Response;
import org.jspecify.annotations.Nullable;

/// What reaches a link's duty thread from outside. An event of a connection that was given up in
/// the meantime is passed over.
sealed interface LinkEvent {
  /// The connection's transport takes bytes, for the first time or again.
  record Writable(Connection connection) implements LinkEvent {}

  /// The core said something.
  ///
  /// @param cost to be given back once it is dealt with
  record Received(Connection connection, Response response, long cost) implements LinkEvent {}

  /// The connection ended, or never came up.
  ///
  /// @param refusal see [CarrierListener#onDown]
  record Down(Connection connection, String reason, @Nullable WeirException refusal)
      implements LinkEvent {}

  /// The owner wants to use a dictionary.
  record Offer(Dictionary dictionary, String dataClass) implements LinkEvent {}

  /// The owner wants a dictionary that the core offered.
  record Fetch(DictionaryOffer offer) implements LinkEvent {}

  /// The owner wants an end by a time of the clock.
  record Stop(long deadlineNanos) implements LinkEvent {}
}
