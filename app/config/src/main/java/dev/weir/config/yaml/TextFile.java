package dev.weir.config.yaml;

import dev.weir.base.ByteSize;
import dev.weir.base.ErrorCode;
import dev.weir.config.mistake.MistakeList;
import dev.weir.config.mistake.Quote;
import dev.weir.config.mistake.Source;
import dev.weir.config.mistake.Span;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// Reads a small text file: bounded, strictly UTF-8, with a place for every refusal.
public final class TextFile {
  /// A thousand inputs written out in full take a tenth of it.
  public static final ByteSize MAX_SIZE = ByteSize.ofMebibytes(1);

  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private TextFile() {}

  /// The text of the file, or nothing after adding the mistake.
  public static Optional<Source> read(Path path, MistakeList mistakes) {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(path)) {
      bytes = in.readNBytes(MAX_SIZE.intBytes() + 1);
    } catch (IOException e) {
      refuse(path, mistakes, ErrorCode.CONFIG_UNREADABLE, reason(path, e), fixFor(e));
      return Optional.empty();
    }
    if (bytes.length > MAX_SIZE.intBytes()) {
      refuse(
          path,
          mistakes,
          ErrorCode.CONFIG_LIMIT,
          "the file is larger than " + MAX_SIZE,
          "check that the path names a configuration file");
      return Optional.empty();
    }
    return decode(path, bytes, mistakes);
  }

  private static Optional<Source> decode(Path path, byte[] bytes, MistakeList mistakes) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length + 1);
    CoderResult result = decoder.decode(in, out, true);
    out.flip();
    String text = out.toString();
    if (result.isError()) {
      Source before = Source.of(Source.Kind.FILE, path.toString(), text);
      Span whole = before.whole();
      mistakes.error(
          ErrorCode.CONFIG_UNREADABLE,
          new Span(before, whole.endLine(), whole.endColumn(), whole.endLine(), whole.endColumn()),
          "",
          String.format(
              "byte %d of the file is 0x%02X, which is not UTF-8",
              in.position() + 1, bytes[in.position()]),
          "save the file as UTF-8");
      return Optional.empty();
    }
    if (!text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK) {
      text = text.substring(1);
    }
    return Optional.of(Source.of(Source.Kind.FILE, path.toString(), text));
  }

  private static void refuse(
      Path path, MistakeList mistakes, ErrorCode code, String message, String fix) {
    mistakes.error(
        code, Source.withoutText(Source.Kind.FILE, path.toString()).whole(), "", message, fix);
  }

  private static String reason(Path path, IOException e) {
    String file = Quote.of(path.toString());
    return switch (e) {
      case NoSuchFileException _ -> file + " does not exist";
      case AccessDeniedException _ -> file + " may not be read by this user";
      default -> {
        String cause = e.getMessage() == null ? e.toString() : e.getMessage();
        yield Files.isDirectory(path)
            ? file + " is a directory"
            : file + " cannot be read: " + Quote.shown(cause);
      }
    };
  }

  private static String fixFor(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "check the path, or write one with `weir config init`";
      case AccessDeniedException _ -> "give this user read access to the file";
      default -> "name a readable file";
    };
  }
}
