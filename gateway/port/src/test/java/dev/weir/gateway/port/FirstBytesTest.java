package dev.weir.gateway.port;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.port.FirstBytes.Guess;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FirstBytesTest {
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1",
        "HEAD ",
        "POST /x",
        "PUT ",
        "DELETE ",
        "OPTIONS *",
        "PATCH ",
        "TRACE ",
        "CONNECT "
      })
  void knowsHttpOneByItsMethods(String start) {
    assertThat(guess(start)).isEqualTo(Guess.HTTP1);
  }

  @Test
  void knowsHttpTwoOnlyByTheWholePreface() {
    assertThat(guess(PREFACE)).isEqualTo(Guess.GRPC);
    assertThat(guess(PREFACE + "\0\0")).isEqualTo(Guess.GRPC);
    for (int length = 0; length < PREFACE.length(); length++) {
      assertThat(guess(PREFACE.substring(0, length))).isEqualTo(Guess.UNDECIDED);
    }
    assertThat(guess("PRI * HTTP/2.1\r\n")).isEqualTo(Guess.UNKNOWN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "G", "GET", "P", "PO", "CONNECT", "W", "WEI", "\r\n", "\r\n\r\n\0\r\nQUIT"})
  void readsOnWhileItCannotTell(String start) {
    assertThat(guess(start)).isEqualTo(Guess.UNDECIDED);
  }

  @Test
  void knowsAProxyByItsHeader() {
    assertThat(guess("\r\n\r\n\0\r\nQUIT\n")).isEqualTo(Guess.PROXY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X",
        "GETX",
        "get /",
        "\0\0\0\0",
        " GET /",
        "\r\nX",
        "\r\n\r\n\0\r\nQUIX\n",
        "WEIX",
        "weir",
        "\u007f\u007f"
      })
  void refusesEverythingElse(String start) {
    assertThat(guess(start)).isEqualTo(Guess.UNKNOWN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"WEIR", "WEIR\u0001\0"})
  void knowsWireByItsPreface(String start) {
    assertThat(guess(start)).isEqualTo(Guess.WIRE);
  }

  @Test
  void knowsTlsByItsRecordType() {
    assertThat(guess("\u0016\u0003\u0001")).isEqualTo(Guess.TLS);
  }

  private static Guess guess(String start) {
    return FirstBytes.guess(Unpooled.wrappedBuffer(start.getBytes(StandardCharsets.ISO_8859_1)));
  }
}
