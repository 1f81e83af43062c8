package dev.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

final class FrameRelayTest {
  @Test
  void takesTheTimeThatAFrameHasWaitedFromItsDeadline() {
    ByteBuf payload = Unpooled.wrappedBuffer(RawPeer.hex("0006 0001 000f4240 6869"));

    FrameRelay.age(payload, 250_000_000);
    assertThat(payload.getUnsignedInt(4)).isEqualTo(750_000);

    FrameRelay.age(payload, 2_000_000_000);
    assertThat(payload.getUnsignedInt(4)).isZero();
    assertThat(payload.getUnsignedShort(8)).isEqualTo(0x6869);
  }

  @Test
  void readsTheTraceOfAFrame() {
    ByteBuf in =
        Unpooled.wrappedBuffer(
            RawPeer.hex(
                """
                0000001d 12 84 0040 00000001 00000001
                001b 0010 0102030405060708 1112131415161718 2122232425262728 01
                """));
    FrameView view = new FrameView(Unpooled.EMPTY_BUFFER);

    view.set(in, 0, in.getLong(0));

    assertThat(view.trace())
        .contains(
            new WireTrace(0x0102030405060708L, 0x1112131415161718L, 0x2122232425262728L, (byte) 1));
    assertThat(view.bodyBytes()).isZero();
  }
}
