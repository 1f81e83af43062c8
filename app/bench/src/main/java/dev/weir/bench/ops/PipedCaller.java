package dev.weir.bench.ops;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// Requests one behind the other on a plain TCP connection, whose answers come in the same order:
/// redis, and requests over NATS, which ends a connection that idles and does not answer its
/// `PING`. What a turn of the loop writes is flushed once.
final class PipedCaller extends ChannelInboundHandlerAdapter implements Caller {
  private static final String CLOSED = "the peer has closed the connection";
  private static final byte[] PONG = "PONG\r\n".getBytes(StandardCharsets.US_ASCII);

  private final TagQueue tags = new TagQueue();
  private final byte[] request;
  private final AnswerCounter answers;
  private final Channel channel;
  private Outcome outcome = NoOutcome.NOBODY;
  private boolean isFlushDue;

  /// @param greeting sent first; its answers are told to `answers` as well, and no tags are theirs
  /// @param request one operation
  PipedCaller(OneLoop own, int port, byte[] greeting, byte[] request, AnswerCounter answers)
      throws IOException {
    this.request = request.clone();
    this.answers = answers;
    this.channel = own.connect(port, this);
    var _ = channel.writeAndFlush(channel.alloc().buffer(greeting.length).writeBytes(greeting));
  }

  @Override
  public EventLoop loop() {
    return channel.eventLoop();
  }

  @Override
  public void tell(Outcome newOutcome) {
    outcome = newOutcome;
  }

  @Override
  public void call(long tag) {
    if (!channel.isActive()) {
      outcome.failed(tag, CLOSED);
      return;
    }
    tags.add(tag);
    var _ =
        channel.write(
            channel.alloc().buffer(request.length).writeBytes(request), channel.voidPromise());
    if (!isFlushDue) {
      isFlushDue = true;
      loop().execute(this::flush);
    }
  }

  private void flush() {
    isFlushDue = false;
    channel.flush();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    try {
      int complete = answers.take(bytes);
      for (int i = answers.takePings(); i > 0; i--) {
        var _ = channel.writeAndFlush(channel.alloc().buffer(PONG.length).writeBytes(PONG));
      }
      for (int i = 0; i < complete; i++) {
        outcome.done(tags.remove());
      }
    } finally {
      bytes.release();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    while (!tags.isEmpty()) {
      outcome.failed(tags.remove(), CLOSED);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    var _ = context.close();
  }

  @Override
  public void close() {
    var _ = channel.close();
  }
}
