package dev.weir.link;

import dev.weir.message.Batch;
import dev.weir.message.BatchSource;
import dev.weir.message.Message;
import java.util.concurrent.CompletionStage;

/// Whoever stores what arrives. All calls come from gRPC event loops: none may block. Many loops
/// call at once; the frames of one lane come from one loop at a time.
public interface LinkStore {
  /// What is stored of a lane, asked at hello.
  ///
  /// The frame that follows is the one behind the answer or the sender's first unacked one,
  /// whichever is later: a sender that came back from another core, or whose lane was forgotten,
  /// leaves a gap.
  ///
  /// @param firstUnacked the first sequence that the sender does not know to be durable
  /// @return the highest sequence stored durably, 0 for none; fails with a
  ///   [dev.weir.base.WeirException] when it cannot be told now
  CompletionStage<Long> resumeLane(BatchSource source, int lane, long firstUnacked);

  /// Offers a frame of a lane; its outcome is told to the listener, once, on any thread and perhaps
  /// before this returns. A frame that cannot be decoded is failed with MALFORMED, TOO_LARGE,
  /// INVALID_TOPIC or DECOMPRESSION_REFUSED, and its sequence is passed durably, as if it were
  /// stored; any other failure leaves the lane before it.
  ///
  /// @return false when there is no room: nothing was taken, ask again after [#onRoom]
  boolean offer(BatchSource source, int lane, long sequence, Batch batch, StoreListener listener);

  /// Offers one message outside any lane; else as for a frame.
  boolean offer(Message message, StoreListener listener);

  /// The dictionaries that senders may use.
  default LinkDictionaries dictionaries() {
    return LinkDictionaries.NONE;
  }

  /// Runs a callback once, on any thread, when there may be room again; at once if there is.
  void onRoom(Runnable retry);
}
