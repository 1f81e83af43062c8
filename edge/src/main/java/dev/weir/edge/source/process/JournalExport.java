package dev.weir.edge.source.process;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the Journal Export Format (systemd's JOURNAL_EXPORT_FORMATS, `journalctl -o export`),
/// which holds every value as it is, where JSON would turn some into lists of numbers and leave
/// long ones out. Owned by one thread.
///
/// ```
///   NAME=value LF                                text without line feeds
///   NAME LF u64 length (little-endian) data LF   anything
///   LF                                           the end of an entry
/// ```
final class JournalExport {
  /// The journal itself allows 1024 fields; those beyond are passed over.
  private static final int MAX_FIELDS = 256;

  private static final int MAX_NAME_BYTES = 256;

  private final InputStream input;
  private final int maxValueBytes;
  private boolean isCut;
  private int heldBytes;

  /// @param maxValueBytes where values are cut
  JournalExport(InputStream input, int maxValueBytes) {
    this.input = input;
    this.maxValueBytes = maxValueBytes;
  }

  /// Whether more can be read without waiting.
  boolean hasMore() throws IOException {
    return input.available() > 0;
  }

  /// The next whole entry; null at the end, also where it cuts an entry off.
  ///
  /// @throws WeirException with MALFORMED when it is not in the format
  @Nullable JournalEntry next() throws IOException {
    Map<String, Bytes> fields = new LinkedHashMap<>();
    isCut = false;
    heldBytes = 0;
    try {
      while (true) {
        int first = read();
        if (first != '\n') {
          field(first, fields);
        } else if (!fields.isEmpty()) {
          return new JournalEntry(fields, isCut);
        }
      }
    } catch (EOFException e) {
      return null;
    }
  }

  private void field(int first, Map<String, Bytes> fields) throws IOException {
    StringBuilder name = new StringBuilder();
    int b = first;
    while (b != '=' && b != '\n') {
      if (name.length() == MAX_NAME_BYTES) {
        throw malformed("a field's name is longer than " + MAX_NAME_BYTES + " bytes");
      }
      name.append((char) b);
      b = read();
    }
    Bytes value = b == '=' ? line() : counted();
    if (fields.size() < MAX_FIELDS) {
      fields.putIfAbsent(name.toString(), value);
    }
  }

  private Bytes line() throws IOException {
    ByteArrayOutputStream value = new ByteArrayOutputStream();
    int room = room();
    for (int b = read(); b != '\n'; b = read()) {
      if (value.size() < room) {
        value.write(b);
      } else {
        isCut = true;
      }
    }
    heldBytes += value.size();
    return Bytes.wrap(value.toByteArray());
  }

  private Bytes counted() throws IOException {
    long length = 0;
    for (int i = 0; i < 8; i++) {
      length |= (long) read() << (8 * i);
    }
    if (length < 0 || length > 1L << 32) {
      throw malformed("a value of " + length + " bytes is announced");
    }
    int kept = (int) Math.min(length, room());
    isCut |= kept < length;
    byte[] value = input.readNBytes(kept);
    input.skipNBytes(length - value.length);
    if (value.length < kept || read() != '\n') {
      throw malformed("a value does not end with a line feed");
    }
    heldBytes += kept;
    return Bytes.wrap(value);
  }

  /// All values of an entry together are held to twice the limit of one.
  private int room() {
    return Math.max(0, Math.min(maxValueBytes, 2 * maxValueBytes - heldBytes));
  }

  private int read() throws IOException {
    int b = input.read();
    if (b < 0) {
      throw new EOFException();
    }
    return b;
  }

  private static WeirException malformed(String fault) {
    return new WeirException(ErrorCode.MALFORMED, "The journal's export: " + fault + ".");
  }
}
