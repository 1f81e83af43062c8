package dev.weir.bench.ops;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.io.IOException;

/// Requests one behind the other on a plain TCP connection, whose answers come in the same order:
/// redis, and requests over NATS. What a turn of the loop writes is flushed once.
final class PipedCaller extends ChannelInboundHandlerAdapter implements Caller {
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
      outcome.failed(tags.remove(), "the peer has closed the connection");
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
