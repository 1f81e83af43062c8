package dev.weir.link;

import dev.weir.base.WeirException;
import dev.weir.message.Batch;
import dev.weir.message.BatchSource;
import dev.weir.message.Message;
import dev.weir.message.StoredLane;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/// Whoever stores what arrives. All calls come from gRPC event loops: none may block. Many loops
/// call at once; the frames of one lane come from one loop at a time.
public interface LinkStore {
  /// What is stored of a lane, asked at hello. Answered once everything that was offered of the
  /// lane before has its outcome.
  ///
  /// The frame that follows is the one behind the answer or the sender's first unacked one,
  /// whichever is later: a sender that came back from another core, or whose lane was forgotten,
  /// leaves a gap.
  ///
  /// @param firstUnacked the first sequence that the sender does not know to be durable
  /// @return how the lane stands; fails with a [dev.weir.base.WeirException] when it cannot be told
  ///   now
  CompletionStage<StoredLane> resumeLane(BatchSource source, int lane, long firstUnacked);

  /// Offers a frame of a lane; its outcome is told to the listener, once, on any thread and perhaps
  /// before this returns. A frame that cannot be decoded is failed with MALFORMED, TOO_LARGE,
  /// INVALID_TOPIC or DECOMPRESSION_REFUSED, and its sequence is passed durably, as if it were
  /// stored; any other failure leaves the lane before it.
  ///
  /// @param crc32c the checksum of the frame as it came, to be kept with the lane; 0 when there is
  ///   none to keep
  /// @return false when there is no room: nothing was taken, ask again after [#onRoom]
  boolean offer(
      BatchSource source, int lane, long sequence, int crc32c, Batch batch, StoreListener listener);

  /// Offers one message outside any lane; else as for a frame.
  boolean offer(Message message, StoreListener listener);

  /// The dictionaries that senders may use.
  default LinkDictionaries dictionaries() {
    return LinkDictionaries.NONE;
  }

  /// The store as the client of the stream or call that is being opened may use it. Called on the
  /// stream's event loop, within its gRPC context.
  default LinkStore opened() {
    return this;
  }

  /// The stream or call that it was opened for is over; what was offered still has its outcome.
  default void closed() {
    // Nothing is kept of a stream.
  }

  /// Tells when the client is not let in any more: its stream must end. Called once a stream.
  default void onEnded(Consumer<WeirException> callback) {
    // Everybody is let in for ever.
  }

  /// Runs a callback once, on any thread, when there may be room again; at once if there is.
  void onRoom(Runnable retry);
}
