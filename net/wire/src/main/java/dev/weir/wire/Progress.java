package dev.weir.wire;

import io.netty.buffer.ByteBuf;

/// The body of PING and PONG: how far the end that writes it has come, as counts since the
/// connection began, so that a lost or late one does no harm.
///
/// ```
///  0     8               16             24             32
///  +-----+---------------+--------------+--------------+
///  | id  | receivedBytes | writtenBytes | waitingBytes |
///  | u64 | u64           | u64          | u64          |
///  +-----+---------------+--------------+--------------+
///  id             see PingId; a PONG repeats it
///  receivedBytes  all that came, preface and headers included
///  writtenBytes   all that was given to the network, this frame included
///  waitingBytes   queued although credit allows them: 0 when all that may go has gone
/// ```
///
/// The first release wrote the id alone; what is missing counts as not said.
final class Progress {
  static final int BYTES = 32;

  private Progress() {}

  static void write(ByteBuf out, long id, long received, long written, long waiting) {
    out.writeLong(id).writeLong(received).writeLong(written).writeLong(waiting);
  }

  static boolean isSaid(FrameView frame) {
    return frame.bodyBytes() >= BYTES;
  }

  static long received(FrameView frame) {
    return frame.buffer().getLong(frame.bodyIndex() + 8);
  }

  static long waiting(FrameView frame) {
    return frame.buffer().getLong(frame.bodyIndex() + 24);
  }
}
