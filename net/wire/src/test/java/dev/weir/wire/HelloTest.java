package dev.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.WeirException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HelloTest {
  private static final Hello HELLO =
      new Hello(
          List.of(new WireVersion(2, 1), WireVersion.V1_0),
          5,
          "n",
          9,
          65536,
          1 << 20,
          2 << 20,
          10,
          false);

  /// Each field by its tag, length and value.
  private static final String GOLDEN =
      "0001"
          + "0004"
          + "02010100"
          + "0002"
          + "0008"
          + "0000000000000005"
          + "0003"
          + "0001"
          + "6e"
          + "0004"
          + "0008"
          + "0000000000000009"
          + "0005"
          + "0004"
          + "00010000"
          + "0006"
          + "0004"
          + "00100000"
          + "0007"
          + "0004"
          + "00200000"
          + "0008"
          + "0004"
          + "0000000a";

  @Test
  void writesItsFieldsAsTheyArePictured() {
    assertThat(ByteBufUtil.hexDump(encoded(HELLO))).isEqualTo(GOLDEN);
  }

  @Test
  void readsWhatItWrites() {
    assertThat(decoded(encoded(HELLO))).isEqualTo(HELLO);
  }

  @Test
  void passesOverFieldsOfALaterVersionAndWhatTheyHaveMore() {
    ByteBuf later = encoded(HELLO).writeShort(99).writeShort(3).writeMedium(1);
    later.writeShort(8).writeShort(6).writeInt(77).writeShort(1);

    assertThat(decoded(later).keepaliveMillis()).isEqualTo(77);
  }

  @Test
  void takesTheLeastForWhatIsAbsent() {
    Hello least = decoded(Unpooled.buffer().writeShort(1).writeShort(2).writeShort(0x100));

    assertThat(least.maxFrameBytes()).isEqualTo(16 << 10);
    assertThat(least.streamWindowBytes()).isEqualTo(64 << 10);
    assertThat(least.connectionWindowBytes()).isEqualTo(64 << 10);
  }

  @Test
  void refusesOneThatIsCutWithinAField() {
    ByteBuf whole = encoded(HELLO);
    int refused = 0;
    for (int bytes = 0; bytes < whole.readableBytes(); bytes++) {
      try {
        decoded(whole.slice(0, bytes));
      } catch (WeirException e) {
        refused++;
      }
    }

    assertThat(refused).isEqualTo(whole.readableBytes() - 7); // Cuts between fields are whole.
  }

  @Test
  void refusesLimitsBeyondTheirRange() {
    ByteBuf huge = encoded(HELLO).writeShort(5).writeShort(4).writeInt(Integer.MAX_VALUE);

    assertThatThrownBy(() -> decoded(huge)).hasMessageContaining("maxFrameBytes");
  }

  @Test
  void choosesTheHighestVersionThatBothSpeak() {
    WireVersion v11 = new WireVersion(1, 1);
    WireVersion v20 = new WireVersion(2, 0);

    assertThat(WireVersion.choose(List.of(WireVersion.V1_0, v11), List.of(v20, v11))).contains(v11);
    assertThat(WireVersion.choose(List.of(WireVersion.V1_0), List.of(v20))).isEmpty();
  }

  @Test
  void knowsItsPrefaceByteByByte() {
    ByteBuf preface = Unpooled.buffer();
    Preface.write(preface);
    assertThat(ByteBufUtil.hexDump(preface)).isEqualTo("5745495201000000");

    for (int bytes = 1; bytes <= Preface.BYTES; bytes++) {
      assertThat(Preface.mayBegin(preface.slice(0, bytes))).isTrue();
    }
    for (String other : List.of("PRI * HTTP/2.0", "GET / HTTP/1.1", "\u0016\u0003", "WEIRD", "W")) {
      assertThat(
              Preface.mayBegin(
                  Unpooled.copiedBuffer(other, java.nio.charset.StandardCharsets.US_ASCII)))
          .isEqualTo(other.startsWith("W"));
    }
  }

  private static ByteBuf encoded(Hello hello) {
    ByteBuf out = Unpooled.buffer();
    hello.encode(out);
    return out;
  }

  private static Hello decoded(ByteBuf body) {
    return Hello.decode(body, 0, body.readableBytes());
  }
}
