package dev.weir.remote;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.wire.MessageView;
import dev.weir.wire.Offer;
import dev.weir.wire.WireStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Many bodies in one message of a wire stream, `(length u32 | body)…`, as [BatchCodec] has it for
/// gRPC: a body costs four bytes then, not a frame, a buffer and a turn through the stream. What
/// the stream does not take waits here; its bound is the owner's, who sends a remote's buffer of
/// bodies at most.
///
/// Owned by the connection's event loop.
final class WireBatches {
  /// Says in OPEN that messages are batches.
  static final String CODEC = "batch";

  /// Below a frame, so that a batch is read where it lies. A larger body is a batch of its own.
  static final int MAX_BYTES = 48 << 10;

  private static final int PREFIX = Integer.BYTES;

  private final ByteBufAllocator allocator;
  private final Deque<ByteBuf> waiting = new ArrayDeque<>();
  private @Nullable ByteBuf gathered;

  /// What the last batch came to: a guess at the next.
  private int lastBytes = 256;

  private boolean isClosed;

  WireBatches(ByteBufAllocator allocator) {
    this.allocator = allocator;
  }

  /// Where the next body is to be written.
  ///
  /// @param stream takes a batch that is full
  /// @param bytes of the body; as many must be written before the next call
  ByteBuf next(WireStream stream, int bytes) {
    ByteBuf batch = gathered;
    if (batch != null && batch.readableBytes() + PREFIX + bytes > MAX_BYTES) {
      flush(stream);
      batch = null;
    }
    if (batch == null) {
      batch = allocator.directBuffer(Math.max(lastBytes, PREFIX + bytes));
      gathered = batch;
    }
    return batch.writeInt(bytes);
  }

  /// Sends what was written since.
  void flush(WireStream stream) {
    ByteBuf batch = gathered;
    if (batch != null) {
      gathered = null;
      lastBytes = Math.min(batch.readableBytes(), MAX_BYTES);
      waiting.add(batch);
      onReady(stream);
    }
  }

  /// The stream takes more.
  void onReady(WireStream stream) {
    ByteBuf batch = waiting.poll(); // First, as sending may end the stream and so bring us here.
    while (batch != null) {
      if (isClosed) {
        batch.release();
      } else if (stream.send(batch) == Offer.REFUSED) {
        waiting.addFirst(batch);
        return;
      }
      batch = waiting.poll();
    }
  }

  /// The stream is no more: what waits, and what is still written, goes nowhere.
  void close() {
    isClosed = true;
    for (ByteBuf batch = waiting.poll(); batch != null; batch = waiting.poll()) {
      batch.release();
    }
  }

  /// Takes each body of a batch as bytes of its own: whoever keeps one keeps no others alive.
  ///
  /// @throws WeirException MALFORMED when it is cut
  static void split(MessageView message, Bodies bodies) {
    ByteBuf in = message.buffer();
    int index = message.bodyIndex();
    int end = index + message.bodyBytes();
    while (index < end) {
      int bytes = end - index < PREFIX ? -1 : in.getInt(index);
      index += PREFIX;
      if (bytes < 0 || bytes > end - index) {
        throw new WeirException(ErrorCode.MALFORMED, "A remote's batch is cut.");
      }
      byte[] body = new byte[bytes];
      in.getBytes(index, body);
      index += bytes;
      bodies.body(body);
    }
  }

  /// Takes one body of a batch.
  @FunctionalInterface
  interface Bodies {
    void body(byte[] body);
  }
}
