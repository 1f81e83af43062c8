package dev.weir.link;

import dev.weir.base.ErrorCode;
import org.jspecify.annotations.Nullable;

/// A lane's numbered batches, in order: a spool, or a client's memory. Called only on the link's
/// duty thread, which must not be blocked for longer than a read of the page cache.
public interface LaneSource {
  /// The lane's number, not negative and different from the link's other lanes.
  int lane();

  /// The first sequence that is not known to be durable with the core, from 1.
  long firstUnacked();

  /// The sequence that will be assigned next.
  long nextSequence();

  /// The frame with this sequence, or null when it is not there yet: [LinkClient#wake] once it is.
  /// Everything from [#firstUnacked] on can be read again, as often as connections are lost.
  @Nullable LaneFrame peek(long sequence);

  /// Whether a core holds this lane's frame, or another one. Asked before anything is settled by a
  /// welcome, of a sequence from [#firstUnacked] on.
  ///
  /// @param crc32c [dev.weir.message.Batch#crc32c] of what the core was sent, not 0
  LaneMatch match(long sequence, int crc32c);

  /// Everything up to [LaneSettlement#durableSequence] is durable. Settlements only advance.
  void settled(LaneSettlement settlement);

  /// The core will never store this frame: move it aside and count it. It keeps its sequence, and
  /// the settlement that covers it comes as for any other frame. After a lost connection or a
  /// restart of either side the same frame may be refused again, until it is settled.
  void refused(long sequence, ErrorCode code, String detail);
}
