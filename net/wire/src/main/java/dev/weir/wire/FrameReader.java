package dev.weir.wire;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/// Cuts what arrives into frames. Whole frames are read where they lie in the receive buffer; only
/// a frame that the end of a buffer cuts in two is copied, into a buffer of its exact size, so at
/// most one frame per read.
///
/// ```
///  read n              read n+1
///  [frame][frame][fra] [me][frame][frame][f]
///                 +-----+ copied
/// ```
///
/// Owned by the connection's event loop; allocates nothing but those buffers.
final class FrameReader {
  /// Receives each frame; the view is valid during the call.
  @FunctionalInterface
  interface Sink {
    void onFrame(FrameView frame);
  }

  private final ByteBufAllocator allocator;
  private final int maxFrameBytes;
  private final Sink sink;
  private final FrameView view = new FrameView(Unpooled.EMPTY_BUFFER);
  private @Nullable ByteBuf cut;
  private boolean isStopped;
  private boolean isPaused;

  FrameReader(ByteBufAllocator allocator, int maxFrameBytes, Sink sink) {
    this.allocator = allocator;
    this.maxFrameBytes = maxFrameBytes;
    this.sink = sink;
  }

  /// Reads everything in the buffer, or as far as a callback pauses; the buffer stays the caller's.
  ///
  /// @throws WeirException TOO_LARGE, MALFORMED, or whatever the sink throws: nothing more is to be
  ///   read then
  void read(ByteBuf in) {
    if (cut == null || completeCut(cut, in)) {
      readWhole(in);
      if (!isPaused) {
        keepTail(in);
      }
    }
  }

  /// Stops behind the frame that is being delivered, or goes on.
  void pause(boolean on) {
    isPaused = on;
  }

  /// Ends reading, from within a callback too, and releases what is kept.
  void stop() {
    isStopped = true;
    if (cut != null) {
      cut.release();
      cut = null;
    }
  }

  private void readWhole(ByteBuf in) {
    while (!isStopped && !isPaused && in.readableBytes() >= FrameHeader.BYTES) {
      int at = in.readerIndex();
      long first = in.getLong(at);
      int frameBytes = frameBytes(first);
      if (in.readableBytes() < frameBytes) {
        break;
      }
      in.readerIndex(at + frameBytes);
      deliver(in, at, first);
    }
  }

  private void deliver(ByteBuf in, int at, long first) {
    view.set(in, at, first);
    sink.onFrame(view);
    view.clear();
  }

  private int frameBytes(long first) {
    long len = FrameHeader.len(first);
    if (len > maxFrameBytes) {
      throw new WeirException(
          ErrorCode.TOO_LARGE,
          "A frame of " + len + " bytes came, expected " + maxFrameBytes + " at most.");
    }
    return FrameHeader.BYTES + (int) len;
  }

  private void keepTail(ByteBuf in) {
    int tail = in.readableBytes();
    if (tail == 0 || isStopped) {
      return;
    }
    int size =
        tail < FrameHeader.BYTES ? FrameHeader.BYTES : frameBytes(in.getLong(in.readerIndex()));
    cut = allocator.directBuffer(size, FrameHeader.BYTES + maxFrameBytes).writeBytes(in);
  }

  /// Fills the cut frame from the next buffer.
  ///
  /// @return whether it became whole and was delivered
  private boolean completeCut(ByteBuf frame, ByteBuf in) {
    fill(frame, FrameHeader.BYTES, in);
    if (frame.readableBytes() < FrameHeader.BYTES) {
      return false;
    }
    long first = frame.getLong(0);
    int size = frameBytes(first);
    if (frame.capacity() < size) {
      frame.capacity(size);
    }
    fill(frame, size, in);
    if (frame.readableBytes() < size) {
      return false;
    }
    cut = null;
    try {
      deliver(frame, 0, first);
    } finally {
      frame.release();
    }
    return true;
  }

  private static void fill(ByteBuf frame, int size, ByteBuf in) {
    int missing = Math.min(size - frame.readableBytes(), in.readableBytes());
    if (missing > 0) {
      frame.writeBytes(in, missing);
    }
  }
}
