package dev.weir.config.schema;

import dev.weir.base.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;

/// Replaces `${env:NAME}`, `${env:NAME:-default}` and `${file:/path}` in one scalar.
///
/// It works on values after the YAML has been read, and what it inserts is not read again: neither
/// structure nor a further `${...}` can come from a variable or a file. `$${` stands for `${`.
final class Interpolation {
  /// Keys and tokens are far below; more is a wrong path.
  private static final int MAX_FILE_BYTES = 64 << 10;

  private static final String USAGE = "use ${env:NAME}, ${env:NAME:-default} or ${file:/path}";

  private final Map<String, String> environment;

  Interpolation(Map<String, String> environment) {
    this.environment = environment;
  }

  /// A text with everything replaced.
  ///
  /// @param hasFile whether a file was read, so that its content is never shown
  record Text(String value, boolean hasFile) {}

  Reading<Text> resolve(String raw) {
    if (!raw.contains("${")) {
      return Reading.of(new Text(raw, false));
    }
    StringBuilder out = new StringBuilder();
    boolean hasFile = false;
    int at = 0;
    while (at < raw.length()) {
      if (raw.startsWith("$${", at)) {
        out.append("${");
        at += 3;
      } else if (raw.startsWith("${", at)) {
        int end = raw.indexOf('}', at);
        if (end < 0) {
          return rejected(
              "a closing `}` after `${`", "close it with `}`, or write $${ for a plain ${");
        }
        String reference = raw.substring(at + 2, end);
        switch (lookUp(reference)) {
          case Reading.Accepted<String>(String value) -> out.append(value);
          case Reading.Rejected<String>(var code, String expected, String fix) -> {
            return new Reading.Rejected<>(code, expected, fix);
          }
        }
        hasFile |= reference.startsWith("file:");
        at = end + 1;
      } else {
        out.append(raw.charAt(at++));
      }
    }
    return Reading.of(new Text(out.toString(), hasFile));
  }

  private Reading<String> lookUp(String reference) {
    if (reference.startsWith("env:")) {
      return variable(reference.substring("env:".length()));
    }
    if (reference.startsWith("file:")) {
      return file(reference.substring("file:".length()));
    }
    return rejected("a reference with a known prefix", USAGE);
  }

  private Reading<String> variable(String reference) {
    int split = reference.indexOf(":-");
    String name = split < 0 ? reference : reference.substring(0, split);
    if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
      return rejected("the name of an environment variable", USAGE);
    }
    String value = environment.get(name);
    if (value != null && !(value.isEmpty() && split >= 0)) {
      return Reading.of(value);
    }
    return split >= 0
        ? Reading.of(reference.substring(split + 2))
        : rejected(
            "the environment variable " + name + " to be set",
            "set " + name + ", or give a default: ${env:" + name + ":-default}");
  }

  private static Reading<String> file(String reference) {
    String fix = "name a readable text file of at most 64 KiB by its absolute path";
    try {
      Path path = Path.of(reference);
      if (!path.isAbsolute()) {
        return rejected("an absolute path after `file:`", fix);
      }
      byte[] bytes;
      try (InputStream in = Files.newInputStream(path)) {
        bytes = in.readNBytes(MAX_FILE_BYTES + 1);
      }
      if (bytes.length > MAX_FILE_BYTES) {
        return rejected("a file of at most 64 KiB", fix);
      }
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return Reading.of(text.replaceFirst("\r?\n\\z", ""));
    } catch (CharacterCodingException _) {
      return rejected("a file in UTF-8", fix);
    } catch (IOException | InvalidPathException _) {
      return rejected("a file that can be read", fix);
    }
  }

  private static <T> Reading<T> rejected(String expected, String fix) {
    return new Reading.Rejected<>(ErrorCode.CONFIG_INTERPOLATION, expected, fix);
  }
}
