package dev.weir.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/// Puts frames on the channel. Headers and small bodies are copied together into one pooled chunk,
/// so that hundreds of small frames cost one buffer and one system call; a larger body follows its
/// header by reference. Nothing is flushed but by [#flush] and once much has gathered.
///
/// ```
///  chunk  [h|body][h|body][h| ext ]   [h|body][h]          ─▶ writev
///                                 \              \
///  by reference                    [ 64 KiB body ] [ 64 KiB body ]
/// ```
///
/// Owned by the connection's event loop; void promises, nothing allocated per frame.
final class FrameWriter {
  /// Copying 4 KiB costs about what a separate entry of a gathering write does.
  static final int COPY_BYTES = 4 << 10;

  /// Some 800 frames of 64 bytes; what one system call moves well.
  private static final int CHUNK_BYTES = 64 << 10;

  /// A rest too small for what comes next is given up.
  private static final int CHUNK_REST_BYTES = 256;

  /// The network has work while the turn goes on: transport.md §3.6 of the design.
  private static final int FORCED_FLUSH_BYTES = 256 << 10;

  /// So much of small frames goes at once, while the turn goes on: the peer then works on them at
  /// the same time, where two ends that wait for whole turns work one after the other. Smaller
  /// pieces cost more in system calls than they gain (benchmarks/ops.md).
  private static final int EARLY_FLUSH_BYTES = 8 << 10;

  private final ChannelHandlerContext context;
  private final ConnectionCredit credit;
  private final ExtFields ext = new ExtFields();
  private @Nullable ByteBuf chunk;
  private int unflushedBytes;
  private long writtenBytes;
  private boolean isOver;

  FrameWriter(ChannelHandlerContext context, ConnectionCredit credit) {
    this.context = context;
    this.credit = credit;
  }

  /// The block for [#extended], empty.
  ExtFields ext() {
    return ext.clear();
  }

  /// Writes a frame without extension block; the body stays the caller's.
  void frame(FrameType type, int flags, int sid, int mid, ByteBuf body, int index, int length) {
    ByteBuf out = room(FrameHeader.BYTES + (length <= COPY_BYTES ? length : 0));
    FrameHeader.write(out, length, type, flags, credit.climit(), sid, mid);
    body(out, body, index, length);
    wrote(FrameHeader.BYTES + length);
  }

  /// Writes a frame with an extension block unless that is empty; the body stays the caller's.
  void extended(
      FrameType type,
      int flags,
      int sid,
      int mid,
      ExtFields fields,
      ByteBuf body,
      int index,
      int length) {
    if (fields.isEmpty()) {
      frame(type, flags, sid, mid, body, index, length);
      return;
    }
    int extBytes = fields.encodedBytes();
    ByteBuf out = room(FrameHeader.BYTES + extBytes + (length <= COPY_BYTES ? length : 0));
    FrameHeader.write(
        out, extBytes + length, type, flags | FrameHeader.EXT, credit.climit(), sid, mid);
    fields.write(out);
    body(out, body, index, length);
    wrote(FrameHeader.BYTES + extBytes + length);
  }

  /// Writes a frame as [#extended] does, with a checksum behind it.
  void sealed(
      FrameCrc crc,
      FrameType type,
      int flags,
      int sid,
      int mid,
      ExtFields fields,
      ByteBuf body,
      int index,
      int length) {
    int extBytes = fields.encodedBytes();
    int len = extBytes + length + FrameCrc.BYTES;
    int isExt = extBytes == 0 ? 0 : FrameHeader.EXT;
    ByteBuf out = room(FrameHeader.BYTES + len - (length <= COPY_BYTES ? 0 : length));
    FrameHeader.write(out, len, type, flags | isExt | FrameHeader.CRC, credit.climit(), sid, mid);
    int extIndex = out.writerIndex();
    if (extBytes > 0) {
      fields.write(out);
    }
    crc.begin(out, extIndex, extBytes, fields.bitmap());
    int bodyAt = out.writerIndex();
    body(out, body, index, length);
    if (length <= COPY_BYTES) {
      crc.add(out, bodyAt, length);
    } else {
      crc.addShared(body, index, length);
    }
    room(FrameCrc.BYTES).writeInt(crc.value());
    wrote(FrameHeader.BYTES + len);
  }

  /// Writes a frame whose body is a text, for the ends of things.
  void text(FrameType type, int flags, int sid, int mid, ExtFields fields, String text) {
    ByteBuf body = Unpooled.copiedBuffer(text, java.nio.charset.StandardCharsets.UTF_8);
    extended(type, flags, sid, mid, fields, body, 0, body.readableBytes());
    body.release();
  }

  /// Writes a frame of 8 bytes.
  void number(FrameType type, int sid, int mid, long value) {
    ByteBuf out = room(FrameHeader.BYTES + Long.BYTES);
    FrameHeader.write(out, Long.BYTES, type, 0, credit.climit(), sid, mid);
    out.writeLong(value);
    wrote(FrameHeader.BYTES + Long.BYTES);
  }

  /// Writes a LEASE.
  void lease(long limit, long ttlMillis) {
    ByteBuf out = room(FrameHeader.BYTES + LeaseCode.BYTES);
    FrameHeader.write(out, LeaseCode.BYTES, FrameType.LEASE, 0, credit.climit(), 0, 0);
    out.writeLong(limit).writeInt((int) ttlMillis);
    wrote(FrameHeader.BYTES + LeaseCode.BYTES);
  }

  /// Writes a PING or PONG with how far this end has come.
  void progress(FrameType type, long id, long received, long waiting) {
    ByteBuf out = room(FrameHeader.BYTES + Progress.BYTES);
    FrameHeader.write(out, Progress.BYTES, type, 0, credit.climit(), 0, 0);
    int bytes = FrameHeader.BYTES + Progress.BYTES;
    Progress.write(out, id, received, writtenBytes + bytes, waiting);
    wrote(bytes);
  }

  /// Writes what stands before any frame: a client's preface.
  void preface() {
    Preface.write(room(Preface.BYTES));
    wrote(Preface.BYTES);
  }

  private ByteBuf room(int bytes) {
    ByteBuf current = chunk;
    if (current != null && current.writableBytes() >= bytes) {
      return current;
    }
    if (current != null) {
      chunk = null; // A write that fails may end the connection here and now.
      passOn(current);
      current.release();
    }
    current = context.alloc().directBuffer(Math.max(CHUNK_BYTES, bytes));
    chunk = current;
    return current;
  }

  private void body(ByteBuf out, ByteBuf body, int index, int length) {
    if (length <= COPY_BYTES) {
      DirectCopy.append(out, body, index, length);
    } else {
      passOn(out);
      var _ = context.write(body.retainedSlice(index, length), context.voidPromise());
    }
  }

  /// Gives what the chunk holds to the channel; the rest of it is used on.
  private void passOn(ByteBuf current) {
    if (current.isReadable()) {
      var _ =
          context.write(current.readRetainedSlice(current.readableBytes()), context.voidPromise());
    }
  }

  private void wrote(int bytes) {
    writtenBytes += bytes;
    unflushedBytes += bytes;
    if (isOver) {
      release();
      return;
    }
    ByteBuf current = chunk;
    boolean isMuchGathered = current != null && current.readableBytes() >= EARLY_FLUSH_BYTES;
    if (isMuchGathered || unflushedBytes >= FORCED_FLUSH_BYTES) {
      flush();
    }
  }

  /// Passes everything to the kernel, as far as it takes it.
  void flush() {
    if (unflushedBytes == 0) {
      return;
    }
    unflushedBytes = 0;
    ByteBuf current = chunk;
    if (current != null) {
      passOn(current);
      if (current.writableBytes() < CHUNK_REST_BYTES) {
        release();
      }
    }
    context.flush();
  }

  /// The connection is over: what is written from now on goes nowhere, and holds nothing. A turn
  /// whose own flush finds the socket dead goes on writing behind that.
  void end() {
    isOver = true;
    release();
  }

  /// Gives the chunk back, at the end or when the connection has been silent.
  void release() {
    if (chunk != null) {
      chunk.release();
      chunk = null;
    }
  }

  /// Every byte that was written, headers and preface included.
  long writtenBytes() {
    return writtenBytes;
  }
}
