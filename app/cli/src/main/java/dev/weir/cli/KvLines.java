package dev.weir.cli;

import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import dev.weir.kv.KvEntry;
import dev.weir.kv.KvHead;
import dev.weir.kv.KvKind;
import java.util.Locale;

/// How revisions of keys are printed.
final class KvLines {
  static final String HEADINGS =
      String.format("%12s  %-6s  %10s  %-27s  %s", "REVISION", "KIND", "BYTES", "WRITTEN", "KEY");

  private static final int SHOWN_CHARS = 80;

  private KvLines() {}

  static String row(KvHead head) {
    return String.format(
        Locale.ROOT,
        "%12d  %-6s  %10s  %-27s  %s",
        head.revision(),
        word(head.kind()),
        new ByteSize(head.valueBytes()),
        Times.iso(head.writtenMillis() * 1_000),
        text(head.key()));
  }

  /// A change as a watcher of one terminal sees it.
  static String row(KvEntry entry) {
    String value = entry.kind() == KvKind.PUT ? "  " + shown(entry.value()) : "";
    return String.format(
        Locale.ROOT,
        "%12d  %-6s  %s%s",
        entry.revision(),
        word(entry.kind()),
        text(entry.key()),
        value);
  }

  private static String shown(Bytes value) {
    String text = value.utf8();
    boolean isPlain = text.chars().noneMatch(c -> Character.isISOControl(c) || c == 0xFFFD);
    return isPlain && text.length() <= SHOWN_CHARS
        ? text
        : "(" + new ByteSize(value.length()) + ")";
  }

  static String of(String bucket, KvEntry entry) {
    JsonLine line =
        head(
            bucket,
            new KvHead(
                entry.key(),
                entry.revision(),
                entry.kind(),
                entry.writtenMillis(),
                entry.expiresMillis(),
                entry.value().length()));
    if (entry.kind() == KvKind.PUT) {
      line.putBytes("value", "encoding", entry.value());
    }
    return line.line();
  }

  static String of(String bucket, KvHead head) {
    return head(bucket, head).line();
  }

  private static JsonLine head(String bucket, KvHead head) {
    JsonLine line =
        new JsonLine()
            .put("bucket", bucket)
            .putBytes("key", "keyEncoding", head.key())
            .put("revision", head.revision())
            .put("kind", word(head.kind()))
            .put("bytes", head.valueBytes())
            .put("written", Times.iso(head.writtenMillis() * 1_000));
    return head.expiresMillis() == 0
        ? line
        : line.put("expires", Times.iso(head.expiresMillis() * 1_000));
  }

  static String word(KvKind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  private static String text(Bytes key) {
    return key.utf8();
  }
}
