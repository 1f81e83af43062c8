package dev.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class FrameWriterTest {
  private static final int BODY_BYTES = 64;

  private final EmbeddedChannel channel = new EmbeddedChannel(new Deaf());
  private final FrameWriter writer =
      new FrameWriter(channel.pipeline().firstContext(), new ConnectionCredit(1 << 20));

  @AfterEach
  void close() {
    writer.release();
    channel.finishAndReleaseAll();
  }

  /// The 102 frames before it leave 32 bytes of the 8 KiB that go at once.
  @Test
  void aPingThatFillsTheBufferGoesAsAWhole() {
    ByteBuf body = Unpooled.wrappedBuffer(new byte[BODY_BYTES]);
    for (int i = 0; i < 102; i++) {
      writer.frame(FrameType.MSG, 0, 1, i, body, 0, BODY_BYTES);
    }
    assertThat(sentBytes()).as("nothing is flushed yet").isZero();

    writer.progress(FrameType.PING, 7, 1, 2);

    assertThat(sentBytes()).isEqualTo(writer.writtenBytes());
  }

  @Test
  void holdsNothingOfWhatIsWrittenBehindTheEnd() {
    UnpooledByteBufAllocator buffers = new UnpooledByteBufAllocator(true);
    channel.config().setAllocator(buffers);
    ByteBuf small = Unpooled.wrappedBuffer(new byte[BODY_BYTES]);
    ByteBuf large = Unpooled.wrappedBuffer(new byte[FrameWriter.COPY_BYTES + 1]);
    writer.frame(FrameType.MSG, 0, 1, 1, small, 0, BODY_BYTES);
    assertThat(buffers.metric().usedDirectMemory()).isPositive();
    var _ = channel.close();

    writer.end();

    writer.progress(FrameType.PING, 7, 1, 2);
    writer.number(FrameType.CREDIT, 1, 0, 5);
    writer.frame(FrameType.MSG, 0, 1, 2, small, 0, BODY_BYTES);
    writer.frame(FrameType.MSG, 0, 1, 3, large, 0, large.readableBytes());
    assertThat(buffers.metric().usedDirectMemory()).isZero();
    writer.flush();
    assertThat(buffers.metric().usedDirectMemory()).isZero();
  }

  private long sentBytes() {
    long bytes = 0;
    for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
      bytes += out.readableBytes();
      out.release();
    }
    return bytes;
  }

  /// Lets failed writes pass.
  private static final class Deaf extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      // The channel is closed: so it should be.
    }
  }
}
