package dev.weir.kv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.kv.KvCodec.Answer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The numbers that stand on the wire.
final class KvCodecTest {
  @Test
  void numbersTheAnswersAsThePictureSays() {
    assertThat(Answer.values())
        .containsExactly(
            Answer.NONE,
            Answer.STORED,
            Answer.CONFLICT,
            Answer.ABSENT,
            Answer.ENTRY,
            Answer.HEADS,
            Answer.FORGOTTEN,
            Answer.SYNCED);
  }

  @Test
  void writesVersionKindAndRevision() {
    ByteBuf out = Unpooled.buffer();

    KvCodec.encode(new WriteResult.Conflict(0x0102030405060708L), out);
    KvCodec.encode(Optional.empty(), out);

    byte[] bytes = new byte[out.readableBytes()];
    out.readBytes(bytes);
    assertThat(bytes)
        .containsExactly(
            1, 2, // version, conflict
            1, 2, 3, 4, 5, 6, 7, 8, // revision
            1, 3); // version, absent
  }
}
