package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.Bytes;
import dev.weir.base.WeirException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class RecordReaderTest {
  @Test
  void cutsAtTheSeparator() throws IOException {
    RecordReader reader = reader("one\n\ntwo\n", 10);

    assertThat(reader.next()).contains(Bytes.utf8("one"));
    assertThat(reader.next()).contains(Bytes.EMPTY);
    assertThat(reader.next()).contains(Bytes.utf8("two"));
    assertThat(reader.next()).isEmpty();
  }

  @Test
  void countsALastRecordWithoutASeparator() throws IOException {
    RecordReader reader = reader("one\ntwo", 10);

    assertThat(reader.next()).contains(Bytes.utf8("one"));
    assertThat(reader.next()).contains(Bytes.utf8("two"));
    assertThat(reader.next()).isEmpty();
  }

  @Test
  void refusesARecordBeyondTheLimit() {
    assertThatThrownBy(() -> reader("0123456789a\n", 10).next())
        .isInstanceOf(WeirException.class)
        .hasMessageContaining("10 bytes");
  }

  private static RecordReader reader(String input, int maxBytes) {
    return new RecordReader(
        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), (byte) '\n', maxBytes);
  }
}
