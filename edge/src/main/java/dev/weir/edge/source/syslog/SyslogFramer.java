package dev.weir.edge.source.syslog;

import dev.weir.base.Bytes;
import dev.weir.base.Checks;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.edge.source.Line;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Cuts a stream of syslog messages (RFC 6587). Owned by one thread.
///
/// Each message says by its first bytes how it is framed, since senders disagree, and some change
/// in mid-stream:
///
/// ```
///   1-9 digits SP '<'     octet counting: the number is the message's length (section 3.4.1)
///   anything else         the message ends with a line feed (section 3.4.2)
/// ```
///
/// A message over the limit is cut into parts, so that it takes no more memory than others and
/// nothing of it is lost. A length that no sender means ends the connection: the place where the
/// next message begins cannot be known any more.
///
/// ```
///     from                  scan           length
///      ▼                     ▼                ▼
///      ├── a message ────────┤ not looked at  │      window, at most the limit and 16 KiB
/// ```
final class SyslogFramer {
  /// What one read takes at most: a TCP segment train; small, as each connection has a window.
  static final int READ_BYTES = 16 << 10;

  /// Longer than any message of RFC 5424 that could be sent whole. A larger number is no length.
  static final int MAX_COUNTED_BYTES = 8 << 20;

  /// Fits a long.
  private static final int MAX_DIGITS = 18;

  private final int maxMessageBytes;
  private byte[] window = new byte[READ_BYTES];
  private int from;
  private int scan;
  private int length;
  private int part;
  private boolean isLine;
  private int countedBytes;

  /// @param maxMessageBytes where longer messages are cut, 480 bytes (RFC 5424 section 6.1) to 8
  ///   MiB
  SyslogFramer(int maxMessageBytes) {
    this.maxMessageBytes = Checks.range("maxMessageBytes", maxMessageBytes, 480, MAX_COUNTED_BYTES);
  }

  /// Where to read the next bytes to; tell [#added] how many came.
  ByteBuffer room() {
    if (window.length - length < READ_BYTES) {
      makeRoom();
    }
    return ByteBuffer.wrap(window, length, READ_BYTES);
  }

  void added(int count) {
    length += Checks.range("count", count, 0, window.length - length);
  }

  /// The next whole message, or a part of one that is too long; null when more bytes are needed.
  ///
  /// @throws WeirException with MALFORMED when a length is beyond anything
  @Nullable Line next() {
    if (part == 0 && countedBytes == 0 && !isLine && !begin()) {
      return null;
    }
    return countedBytes > 0 ? nextCounted() : nextLine();
  }

  /// What is held at the end of the stream, marked as going on when its announced length did not
  /// come; null when nothing is.
  @Nullable Line finish() {
    if (length == from) {
      return null;
    }
    int end = length;
    return take(end, end, countedBytes > 0);
  }

  /// Whether the stream stands between two messages.
  boolean isAtBoundary() {
    return length == from && part == 0 && countedBytes == 0;
  }

  /// Reads how the next message is framed; false when more bytes are needed to know.
  private boolean begin() {
    // Some senders end counted messages with a line feed as well; empty lines are no messages.
    while (from < length && (window[from] == '\n' || window[from] == '\r' || window[from] == 0)) {
      from++;
    }
    scan = from;
    int at = from;
    long count = 0;
    while (at < length && isDigit(window[at]) && at - from < MAX_DIGITS) {
      count = 10 * count + window[at] - '0';
      at++;
    }
    boolean isNumber = at > from && window[from] != '0';
    if (at == length || (isNumber && window[at] == ' ' && at + 1 == length)) {
      return false;
    }
    if (isNumber && window[at] == ' ' && window[at + 1] == '<') {
      countedBytes = requireLength(count);
      from = at + 1;
      scan = from;
    } else {
      isLine = true;
    }
    return true;
  }

  private static int requireLength(long count) {
    if (count > MAX_COUNTED_BYTES) {
      throw new WeirException(
          ErrorCode.MALFORMED,
          "A syslog message of "
              + count
              + " bytes was announced, at most "
              + MAX_COUNTED_BYTES
              + " are taken.");
    }
    return (int) count;
  }

  private @Nullable Line nextCounted() {
    int wanted = Math.min(countedBytes, maxMessageBytes);
    boolean isCut = wanted < countedBytes;
    if (length - from < (isCut ? wanted + 1 : wanted)) {
      return null;
    }
    int end = isCut ? characterBoundary(from + wanted) : from + wanted;
    countedBytes -= end - from;
    return take(end, end, countedBytes > 0);
  }

  private @Nullable Line nextLine() {
    while (scan < length) {
      if (window[scan] == '\n') {
        isLine = false;
        return take(scan, scan + 1, false);
      }
      if (scan - from == maxMessageBytes) {
        int end = characterBoundary(scan);
        return take(end, end, true);
      }
      scan++;
    }
    return null;
  }

  /// A part ends between characters where the text is UTF-8.
  private int characterBoundary(int end) {
    int cut = end;
    while (cut > end - 3 && (window[cut] & 0xC0) == 0x80) {
      cut--;
    }
    return (window[cut] & 0xC0) == 0x80 ? end : cut;
  }

  private Line take(int end, int next, boolean hasMore) {
    part = part > 0 || hasMore ? part + 1 : 0;
    Line line = new Line(Bytes.wrap(Arrays.copyOfRange(window, from, end)), part, hasMore);
    from = next;
    scan = next;
    if (!hasMore) {
      part = 0;
    }
    return line;
  }

  private void makeRoom() {
    int held = length - from;
    byte[] target = window;
    int needed = held + READ_BYTES;
    if (needed > window.length) {
      target = new byte[Math.min(2 * needed, maxMessageBytes + 2 * READ_BYTES)];
    } else if (held == 0 && window.length > READ_BYTES) {
      target = new byte[READ_BYTES]; // One long message must not pin its size for ever.
    }
    System.arraycopy(window, from, target, 0, held);
    window = target;
    scan -= from;
    from = 0;
    length = held;
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }
}
