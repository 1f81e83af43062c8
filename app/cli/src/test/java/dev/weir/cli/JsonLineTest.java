package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Bytes;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class JsonLineTest {
  @Test
  void writesTextAsText() {
    String line =
        new JsonLine()
            .putBytes("body", "encoding", Bytes.utf8("a \"b\"\n"))
            .put("headers", Map.of("k", "v"))
            .line();

    assertThat(line)
        .isEqualTo("{\"encoding\":\"utf8\",\"body\":\"a \\\"b\\\"\\n\",\"headers\":{\"k\":\"v\"}}");
  }

  @Test
  void writesOtherBytesAsBase64() {
    String line =
        new JsonLine().putBytes("body", "encoding", Bytes.wrap(new byte[] {(byte) 0xff, 0})).line();

    assertThat(line).isEqualTo("{\"encoding\":\"base64\",\"body\":\"/wA=\"}");
  }
}
