package dev.weir.edge.source.protobuf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.Status;
import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.testkit.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class WireCheckTest {
  private static final WireSchema SCHEMA =
      WireSchema.parse(
          """
          Root: 1 text, 2 Node, 3 varints, 4 fixed64s, 5 fixed32s
          Node: 1 text, 2 Node
          """);

  /// google.rpc.Status, for which the library has a reader.
  private static final WireSchema STATUS =
      WireSchema.parse(
          """
          Status: 2 text, 3 Any
          Any: 1 text
          """);

  @Test
  void takesWhatIsSoundAndCountsMessages() {
    Wire message =
        new Wire()
            .text(1, "grüße 🦊")
            .message(2, new Wire().text(1, "x").message(2, new Wire()))
            .message(2, new Wire())
            .varints(3, 0, 1, -1)
            .raw(4, new byte[16])
            .raw(5, new byte[12])
            .varint(3, 7)
            .fixed64(4, 9)
            .fixed32(5, 9);

    assertThat(check(message).count("Node")).isEqualTo(3);
    assertThat(check(message).count("Root")).isEqualTo(1);
    assertThat(check(new Wire()).count("Node")).isZero();
  }

  @Test
  void passesOverFieldsThatTheSchemaDoesNotName() {
    Wire message = new Wire().raw(99, (byte) 0xff).varint(15, 1).fixed64(16, 1).fixed32(17, 1);

    assertThat(check(message).count("Root")).isEqualTo(1);
    // A known number with another wire type is unknown to readers, too.
    assertThat(check(new Wire().varint(1, 5).fixed32(2, 5)).count("Node")).isZero();
  }

  @Test
  void tellsWhatFieldsHold() {
    List<String> told = new ArrayList<>();
    Bytes message = new Wire().varints(3, 1, 300).varint(3, 2).varints(3).text(1, "ü").bytes();

    WireCheck.of(
        SCHEMA,
        "Root",
        message,
        new WireCheck.Visitor() {
          @Override
          public void varints(String type, int field, Bytes values) {
            told.add(type + " " + field + " " + values.length());
          }

          @Override
          public void text(String type, int field, int length) {
            told.add(type + " " + field + " '" + length + "'");
          }
        });

    assertThat(told).containsExactly("Root 3 3", "Root 3 1", "Root 1 '2'");
  }

  @Test
  void refusesWhatNoReaderWouldDecode() {
    assertRefused("not UTF-8", bytes(0x0a, 0x02, 0xc3, 0x28)); // Field 1: two bytes, no sequence.
    assertRefused("not UTF-8", bytes(0x12, 0x04, 0x0a, 0x02, 0xed, 0xa0)); // Half a surrogate.
    assertRefused("reaches too far", bytes(0x0a, 0x05, 'a')); // Field 1: five bytes, one is there.
    assertRefused("reaches too far", bytes(0x12, 0x02, 0x0a, 0x01, 'x')); // Beyond its message.
    assertRefused(
        "reaches too far", // Field 1: 2^64 - 1 bytes.
        bytes(0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01));
    assertRefused("ends within a field", bytes(0x31, 1, 2, 3)); // Field 6: a fixed64 of three.
    assertRefused("ends within a field", bytes(0x35, 1, 2, 3));
    assertRefused("ends within a number", bytes(0x18, 0x80));
    assertRefused(
        "more than ten bytes",
        bytes(0x18, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01));
    assertRefused("has the number 0", bytes(0x00, 0x00));
    assertRefused("wire type 3", bytes(0x1b, 0x1c)); // A group.
    assertRefused("wire type 7", bytes(0x1f));
    assertRefused("packed field of 7 bytes", bytes(0x22, 7, 1, 2, 3, 4, 5, 6, 7));
    assertRefused("packed field of 3 bytes", bytes(0x2a, 3, 1, 2, 3));
    assertRefused("ends within a number", bytes(0x1a, 1, 0x80));
  }

  @Test
  void refusesNestingWithoutEnd() {
    Wire deep = new Wire();
    for (int i = 0; i < 99; i++) {
      deep = new Wire().message(2, deep);
    }
    assertThat(check(deep).count("Node")).isEqualTo(99);
    Wire tooDeep = deep;
    for (int i = 0; i < 3; i++) {
      tooDeep = new Wire().message(2, tooDeep);
    }

    assertRefused("more than 100 levels", tooDeep.bytes());
  }

  @Test
  void refusesEveryTruncationThatAReaderRefuses() {
    Status whole =
        Status.newBuilder()
            .setCode(3)
            .setMessage("größer")
            .addDetails(Any.newBuilder().setTypeUrl("a/b").setValue(ByteString.copyFromUtf8("v")))
            .build();
    byte[] bytes = whole.toByteArray();

    for (int length = 0; length <= bytes.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(bytes, length);
      assertThat(isTaken(cut)).as("first " + length + " bytes").isEqualTo(parses(cut));
    }
  }

  @Test
  void takesNothingThatAReaderRefuses() {
    RandomGenerator random = Seeds.random("wire-check");
    byte[] sound =
        Status.newBuilder()
            .setCode(8)
            .setMessage("the spool is full — voll")
            .addDetails(Any.newBuilder().setTypeUrl("t/γ").setValue(ByteString.copyFromUtf8("vv")))
            .addDetails(Any.newBuilder().setTypeUrl("u"))
            .build()
            .toByteArray();
    int takenCount = 0;
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = sound.clone();
      for (int i = 0; i <= random.nextInt(3); i++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      if (isTaken(bytes)) {
        takenCount++;
        assertThat(parses(bytes)).as(java.util.HexFormat.of().formatHex(bytes)).isTrue();
      }
    }
    assertThat(takenCount).isBetween(1000, 19_000);
  }

  @Test
  void tellsTextLikeTheJdk() {
    RandomGenerator random = Seeds.random("utf8");
    byte[] sound = "abcdefgh ü€🦊 ijklmnop\u0800\ud7ff".getBytes(StandardCharsets.UTF_8);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = sound.clone();
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      int from = random.nextInt(8);
      boolean isText =
          java.util.Arrays.equals(
              new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8)
                  .getBytes(StandardCharsets.UTF_8),
              java.util.Arrays.copyOfRange(bytes, from, bytes.length));

      assertThat(Utf8.firstInvalid(bytes, from, bytes.length) < 0).isEqualTo(isText);
    }
  }

  private static boolean isTaken(byte[] message) {
    try {
      WireCheck.of(STATUS, "Status", Bytes.wrap(message), WireCheck.Visitor.NONE);
      return true;
    } catch (WeirException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED);
      return false;
    }
  }

  private static boolean parses(byte[] message) {
    try {
      return Status.parseFrom(message).isInitialized();
    } catch (InvalidProtocolBufferException e) {
      return false;
    }
  }

  private static WireCheck check(Wire message) {
    return WireCheck.of(SCHEMA, "Root", message.bytes(), WireCheck.Visitor.NONE);
  }

  private static void assertRefused(String why, Bytes message) {
    assertThatThrownBy(() -> WireCheck.of(SCHEMA, "Root", message, WireCheck.Visitor.NONE))
        .isInstanceOfSatisfying(
            WeirException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED))
        .hasMessageContaining(why);
  }

  private static Bytes bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return Bytes.wrap(bytes);
  }
}
