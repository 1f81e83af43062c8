package dev.weir.broker.retained;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.EngineAppend;
import dev.weir.message.BatchReader;
import dev.weir.message.Message;
import dev.weir.message.Retain;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/// Bounds how many topics have a retained message: their index is memory that no retention gives
/// back. Topics that have one may change and clear it always.
///
/// The bound may be exceeded by what is under way: a topic counts once its message is copied. Any
/// thread.
public final class RetainedLimit {
  private final RetainedKeeper keeper;
  private final int maxTopics;
  private final LongAdder refused = new LongAdder();

  public RetainedLimit(RetainedKeeper keeper, int maxTopics) {
    this.keeper = keeper;
    this.maxTopics = maxTopics;
  }

  /// Judges a batch with messages to be kept; costs a decoding at the limit only.
  ///
  /// @throws WeirException RETAINED_FULL when it would have one topic more
  public void check(EngineAppend append) {
    if (keeper.topics() < maxTopics) {
      return;
    }
    List<Message> messages = BatchReader.read(append.batch(), append.header());
    for (Message message : messages) {
      boolean isKept = Retain.isAsked(message) && !message.body().isEmpty();
      if (isKept && !message.topic().startsWith("$") && !keeper.has(message.topic())) {
        refused.increment();
        throw new WeirException(
            ErrorCode.RETAINED_FULL,
            "The topic '"
                + message.topic()
                + "' would be one more than the "
                + maxTopics
                + " that may have a retained message.");
      }
    }
  }

  /// Batches that were refused.
  public long refused() {
    return refused.sum();
  }
}
