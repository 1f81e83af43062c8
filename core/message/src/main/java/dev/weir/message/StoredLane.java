package dev.weir.message;

import dev.weir.base.Checks;
import java.util.List;

/// How a core stands with a lane, told to its sender when that comes back.
///
/// @param sequence the last one that is stored or passed, 0 for none
/// @param crc32c what [Batch#crc32c] was of the frame that came under that sequence, by which a
///   sender knows its own; 0 when it is not known
/// @param refused the frames that were refused for ever and whose sender may not have been told,
///   ascending, at most [#MAX_REFUSED]
public record StoredLane(long sequence, int crc32c, List<RefusedFrame> refused) {
  public static final StoredLane NONE = new StoredLane(0, 0, List.of());

  /// The newest ones are kept: a sender whose frames are refused by the hundred has a fault that
  /// the first few tell.
  public static final int MAX_REFUSED = 64;

  public StoredLane {
    Checks.range("sequence", sequence, 0, Long.MAX_VALUE - 1);
    refused = List.copyOf(refused);
    Checks.range("refused", refused.size(), 0, MAX_REFUSED);
  }
}
