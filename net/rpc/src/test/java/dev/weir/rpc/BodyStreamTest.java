package dev.weir.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A body that came in three parts, as a marshaller reads it.
final class BodyStreamTest {
  private static final int PART_BYTES = 1_000;

  private final byte[] content = new byte[3 * PART_BYTES];
  private final CompositeByteBuf body = Unpooled.compositeBuffer();
  private final BodyStream stream;

  BodyStreamTest() {
    new SplittableRandom(1).nextBytes(content);
    for (int i = 0; i < 3; i++) {
      ByteBuf part = Unpooled.directBuffer(PART_BYTES);
      body.addComponent(true, part.writeBytes(content, i * PART_BYTES, PART_BYTES));
    }
    stream = new BodyStream(body, 10, content.length - 20);
  }

  @AfterEach
  void nothingIsHeld() {
    assertThat(body.release()).isTrue();
  }

  @Test
  void givesTheMemoryThatTheBytesLieIn() {
    ByteBuffer first = Objects.requireNonNull(stream.getByteBuffer());

    body.setByte(10, 99);

    assertThat(first.get(first.position())).isEqualTo((byte) 99);
    assertThat(first.remaining()).isEqualTo(PART_BYTES - 10);
    assertThat(first.isReadOnly()).isTrue();
  }

  @Test
  void isReadByBuffersInAnySteps() {
    SplittableRandom random = new SplittableRandom(2);
    for (int run = 0; run < 100; run++) {
      stream.reset();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ByteBuffer part = stream.getByteBuffer();
      while (part != null) {
        byte[] some = new byte[1 + random.nextInt(part.remaining())];
        part.get(some);
        out.writeBytes(some);
        assertThat(stream.skip(some.length)).isEqualTo(some.length);
        part = stream.getByteBuffer();
      }

      assertThat(out.toByteArray()).isEqualTo(expected(10));
    }
  }

  @Test
  void goesBackToItsMark() throws IOException {
    stream.skipNBytes(1_500);
    assertThat(stream.getByteBuffer()).isNotNull();
    stream.mark(5);
    byte[] first = stream.readAllBytes();
    stream.reset();

    assertThat(Objects.requireNonNull(stream.getByteBuffer()).remaining()).isEqualTo(490);
    assertThat(stream.readAllBytes()).isEqualTo(first).isEqualTo(expected(1_510));
  }

  @Test
  void livesOnWhenItIsTaken() throws IOException {
    stream.skipNBytes(100);
    InputStream taken = stream.detach();

    assertThat(stream.available()).isZero();
    assertThat(stream.getByteBuffer()).isNull();
    assertThat(stream.read()).isNegative();
    stream.close();
    assertThat(body.refCnt()).isEqualTo(2);
    InputStream again = ((BodyStream) taken).detach();
    taken.close();
    assertThat(again.readAllBytes()).isEqualTo(expected(110));
    again.close();
    again.close();
    assertThat(body.refCnt()).isEqualTo(1);
  }

  private byte[] expected(int from) {
    return java.util.Arrays.copyOfRange(content, from, content.length - 10);
  }
}
