package dev.weir.broker.embedded;

import dev.weir.base.Bytes;
import dev.weir.broker.EngineAppend;
import dev.weir.message.Batch;
import dev.weir.message.BatchBuilder;
import dev.weir.message.BatchHeader;
import dev.weir.message.BatchReader;
import dev.weir.message.BatchScan;
import dev.weir.message.Codec;
import dev.weir.message.Message;
import java.util.BitSet;
import java.util.List;

/// Encodes a batch again without the messages that are stored already.
final class DuplicateRemoval {
  /// Speed matters more than the last percent: the batch is stored once and this path is rare.
  private static final int ZSTD_LEVEL = 1;

  /// What a builder asks beyond the bytes of a message before it takes it.
  private static final int BUILDER_SLACK_BYTES = 64 << 10;

  private DuplicateRemoval() {}

  /// The rest of the batch; all of it when that cannot be encoded within the limits of one, which
  /// only a batch at the very limit meets: better twice than never.
  ///
  /// @throws dev.weir.base.WeirException with MALFORMED when the batch does not decode
  static EngineAppend without(BitSet duplicates, EngineAppend append) {
    Batch batch = append.batch();
    List<Message> messages = BatchReader.read(batch, append.header());
    long maxBytes = 3L * batch.rawLength() + BUILDER_SLACK_BYTES;
    BatchBuilder builder = new BatchBuilder((int) Math.min(maxBytes, Message.MAX_BODY_BYTES));
    for (int i = 0; i < messages.size(); i++) {
      if (!duplicates.get(i)) {
        if (!builder.add(messages.get(i))) {
          return append;
        }
      }
    }
    Batch reduced = builder.build(batch.codec() == Codec.NONE ? 0 : ZSTD_LEVEL, Bytes.EMPTY);
    BatchHeader header = BatchHeader.decode(reduced.header());
    return new EngineAppend(
        reduced,
        header,
        BatchScan.of(reduced, header, new byte[0]),
        append.identity(),
        append.routingHash(),
        append.isParting());
  }
}
