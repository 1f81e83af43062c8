package dev.weir.edge.source.relp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.WeirException;
import dev.weir.testkit.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RelpDecoderTest {
  private static final String STREAM =
      "1 open 18 relp_version=1\nabc\n2 syslog 5 a\nb c\n3 syslog 2000 "
          + "x".repeat(2000)
          + "\n999999999 syslog 4 last\n4 close 0\n";

  @Test
  void cutsFramesByTheirLength() {
    assertThat(decode(STREAM, STREAM.length()))
        .containsExactly(
            "1 open relp_version=1\nabc",
            "2 syslog a\nb c",
            "3 syslog oversize 2000",
            "999999999 syslog last",
            "4 close ");
  }

  @Test
  void cutsTheSameFramesHoweverTheBytesArrive() {
    for (int chunk = 1; chunk < 60; chunk++) {
      assertThat(decode(STREAM, chunk)).as("chunk %s", chunk).isEqualTo(decode(STREAM, 5000));
    }
  }

  @Test
  void refusesWhatIsNoFrame() {
    for (String text :
        new String[] {
          "GET / HTTP/1.1\r\n",
          "1 syslog x",
          "1234567890 syslog 1 a\n",
          "1 sys1og 1 a\n",
          "1 syslog 1 ab",
          "1 syslog 1\n",
          " 1 syslog 1 a\n",
          "<13>Oct 11 syslog\n",
          "1 " + "a".repeat(33) + " 1 a\n",
          "1 syslog 1234567890 a"
        }) {
      assertThatThrownBy(() -> decode(text, 100)).as(text).isInstanceOf(WeirException.class);
    }
  }

  @Test
  void takesOrRefusesAnyBytes() {
    RandomGenerator random = Seeds.random("relp");
    byte[] good = "1 open 5 abcde\n2 syslog 3 abc\n3 close 0\n".getBytes(StandardCharsets.US_ASCII);
    for (int round = 0; round < 5_000; round++) {
      byte[] bytes = good.clone();
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      RelpDecoder decoder = new RelpDecoder(1024);
      decoder.room().put(bytes);
      decoder.added(bytes.length);
      try {
        while (decoder.next() != null) {
          assertThat(decoder.isAtBoundary()).isIn(true, false);
        }
      } catch (WeirException e) {
        assertThat(e.code().label()).isEqualTo("WEIR-7002");
      }
    }
  }

  private static List<String> decode(String stream, int chunk) {
    RelpDecoder decoder = new RelpDecoder(1024);
    byte[] bytes = stream.getBytes(StandardCharsets.ISO_8859_1);
    List<String> frames = new ArrayList<>();
    for (int from = 0; from < bytes.length; from += chunk) {
      int count = Math.min(chunk, bytes.length - from);
      decoder.room().put(bytes, from, count);
      decoder.added(count);
      for (@Nullable RelpFrame frame = decoder.next(); frame != null; frame = decoder.next()) {
        String data = frame.isOversize() ? "oversize " + frame.dataBytes() : frame.data().utf8();
        frames.add(frame.number() + " " + frame.command() + " " + data);
      }
    }
    return frames;
  }
}
