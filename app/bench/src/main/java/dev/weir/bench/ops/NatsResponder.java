package dev.weir.bench.ops;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ByteProcessor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// Answers each request of a nats-server with what it brought: `MSG subject sid reply length`
/// there, `PUB reply length` back.
final class NatsResponder extends ChannelInboundHandlerAdapter {
  static final String SUBJECT = "weir.echo";

  private static final byte[] PONG = "PONG\r\n".getBytes(StandardCharsets.US_ASCII);

  private ByteBuf pending = Unpooled.buffer();

  private NatsResponder() {}

  static void connect(OneLoop own, int port) throws IOException {
    var channel = own.connect(port, new NatsResponder());
    byte[] hello =
        ("CONNECT {\"verbose\":false}\r\nSUB " + SUBJECT + " 1\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    var _ = channel.writeAndFlush(channel.alloc().buffer(hello.length).writeBytes(hello));
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    pending.discardReadBytes().writeBytes(bytes);
    bytes.release();
    ByteBuf out = context.alloc().buffer(pending.readableBytes() + 64);
    while (answerOne(out)) {
      // The next one.
    }
    var _ = context.writeAndFlush(out, context.voidPromise());
  }

  /// Whether there was a whole line, with its body.
  private boolean answerOne(ByteBuf out) {
    int end = pending.forEachByte(ByteProcessor.FIND_LF);
    if (end < 0) {
      return false;
    }
    int start = pending.readerIndex();
    String line = pending.toString(start, end - start, StandardCharsets.US_ASCII).strip();
    if (line.startsWith("PING")) {
      out.writeBytes(PONG);
    } else if (line.startsWith("MSG ")) {
      int length = Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1));
      if (pending.writerIndex() < end + 1 + length + 2) {
        return false;
      }
      String reply = line.split(" ", -1)[3];
      out.writeCharSequence("PUB " + reply + " " + length + "\r\n", StandardCharsets.US_ASCII);
      out.writeBytes(pending, end + 1, length + 2);
      pending.readerIndex(end + 1 + length + 2);
      return true;
    }
    pending.readerIndex(end + 1);
    return true;
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    pending.release();
    pending = Unpooled.EMPTY_BUFFER;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    var _ = context.close();
  }
}
