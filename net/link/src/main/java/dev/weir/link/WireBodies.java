package dev.weir.link;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import dev.weir.wire.Offer;
import dev.weir.wire.WireStream;
import io.netty.buffer.ByteBuf;
import java.io.IOException;

/// Messages of protobuf as bodies of wire. A payload is copied once, into the buffer that the
/// socket is given.
final class WireBodies {
  private WireBodies() {}

  /// Sends a message. Any thread, each thread's in order.
  ///
  /// @return false when there is no room for it: the peer does not read
  static boolean send(WireStream stream, MessageLite message) {
    int size = message.getSerializedSize();
    ByteBuf body = stream.connection().allocator().directBuffer(Math.max(1, size));
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(body.nioBuffer(0, size));
      message.writeTo(out);
      out.flush();
    } catch (IOException e) {
      body.release();
      throw new IllegalStateException("a message of " + size + " bytes does not fit", e);
    }
    Offer offer = stream.send(body.writerIndex(size));
    if (offer == Offer.REFUSED) {
      body.release();
      return false;
    }
    return true; // A stream that is over tells its owner so.
  }
}
