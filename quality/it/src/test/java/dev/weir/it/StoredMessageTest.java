package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Lines of a subscription are read with text, binary and absent members.
final class StoredMessageTest {
  @TempDir private Path directory;

  @Test
  void readsEachLine() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("out"),
            """
            {"topic":"a/b","position":"main/0/7","time":"t","key":null,"headers":{"x":"1"},"body":"é"}
            {"topic":"a","other":[1,{"y":2}],"encoding":"base64","body":"aGk=","bytes":2}
            """);

    assertThat(StoredMessage.readAll(file))
        .extracting(
            StoredMessage::topic,
            StoredMessage::position,
            StoredMessage::headers,
            StoredMessage::body)
        .containsExactly(
            tuple("a/b", "main/0/7", Map.of("x", "1"), "é"), tuple("a", "", Map.of(), "hi"));
  }
}
