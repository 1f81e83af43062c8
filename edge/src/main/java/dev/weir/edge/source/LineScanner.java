package dev.weir.edge.source;

import dev.weir.base.Bytes;
import dev.weir.base.Checks;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Cuts a stream of bytes into lines, or into events of several lines. Owned by one thread.
///
/// Problem: what was cut must be known by its exact place in the stream, because that place is
/// where reading goes on after a crash; and a rewritten file is recognised by the bytes before it.
/// Idea: one window over the stream; lines are ranges of it and nothing is gathered elsewhere.
///
/// ```
///   keep      emitted        line        scan        length
///    ▼           ▼             ▼           ▼            ▼
///    ├── ≤ 64 B ─┤ whole lines │ an unfinished line     │
///                └ the event that is being gathered ────┘
/// ```
///
/// Invariants: `keep <= emitted <= line <= scan <= length`; [#emittedOffset] is the place in the
/// stream of `emitted`; the window grows to the longest line and 64 KiB, no further.
public final class LineScanner {
  /// Bytes kept before the place, to recognise the stream by.
  static final int TAIL_BYTES = 64;

  /// What one read takes at most; the page cache's own read-ahead is of this order.
  public static final int READ_BYTES = 64 << 10;

  private final int maxLineBytes;
  private final Optional<Predicate<Bytes>> starts;
  private byte[] window = new byte[TAIL_BYTES + READ_BYTES];
  private int keep;
  private int emitted;
  private int line;
  private int scan;
  private int length;
  private int part;
  private long emittedOffset;

  /// @param maxLineBytes where longer ones are split, 16 bytes to 16 MiB
  /// @param starts whether a line begins an event; empty when every line is one
  public LineScanner(int maxLineBytes, Optional<Predicate<Bytes>> starts) {
    this.maxLineBytes = Checks.range("maxLineBytes", maxLineBytes, 16, 16 << 20);
    this.starts = starts;
  }

  /// Forgets everything and goes on at a place of the stream.
  ///
  /// @param tail up to 64 bytes that stand before it
  /// @param newPart how many parts of the event at that place were cut before
  void restart(long offset, byte[] tail, int newPart) {
    System.arraycopy(tail, 0, window, 0, tail.length);
    keep = 0;
    emitted = tail.length;
    line = emitted;
    scan = emitted;
    length = emitted;
    part = newPart;
    emittedOffset = offset;
  }

  /// Where to read the next bytes to; tell [#added] how many came.
  public ByteBuffer room() {
    if (window.length - length < READ_BYTES) {
      makeRoom();
    }
    return ByteBuffer.wrap(window, length, READ_BYTES).slice();
  }

  public void added(int count) {
    length += Checks.range("count", count, 0, window.length - length);
  }

  /// The next whole line or event; null when more bytes are needed.
  public @Nullable Line next() {
    while (scan < length) {
      byte b = window[scan];
      boolean isNewline = b == '\n';
      if (!isNewline && scan - emitted >= maxLineBytes) {
        return split();
      }
      scan++;
      if (isNewline) {
        Line found = lineEnded();
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  /// The whole lines of an event that no further line has ended; null when there are none.
  @Nullable Line flushLines() {
    return line > emitted ? emit(line - 1, line, false) : null;
  }

  /// All that is held, finished or not: for the end of a stream. Null when nothing is.
  ///
  /// @param goesOn whether an unfinished line may be continued elsewhere
  public @Nullable Line flushAll(boolean goesOn) {
    if (length == emitted) {
      return null;
    }
    scan = length;
    boolean endsLine = line == length;
    return emit(endsLine ? length - 1 : length, length, goesOn && !endsLine);
  }

  /// Where the stream goes on behind what was given out.
  long emittedOffset() {
    return emittedOffset;
  }

  /// Where the stream goes on behind what was read.
  long readOffset() {
    return emittedOffset + length - emitted;
  }

  int heldBytes() {
    return length - emitted;
  }

  /// Parts given out of an event that has not ended.
  int part() {
    return part;
  }

  /// Up to 64 bytes before [#emittedOffset].
  byte[] emittedTail() {
    return Arrays.copyOfRange(window, Math.max(keep, emitted - TAIL_BYTES), emitted);
  }

  /// Up to 64 bytes before [#readOffset].
  byte[] readTail() {
    return Arrays.copyOfRange(window, Math.max(keep, length - TAIL_BYTES), length);
  }

  private @Nullable Line lineEnded() {
    int start = line;
    int end = scan;
    if (starts.isEmpty()) {
      line = end;
      return emit(end - 1, end, false);
    }
    boolean isStart =
        start > emitted && starts.get().test(Bytes.wrap(window, start, end - 1 - start));
    line = end;
    return isStart ? emitBefore(start) : null;
  }

  /// An over-long line is cut between characters where it is UTF-8; an over-long event is cut
  /// between lines.
  private Line split() {
    if (line > emitted) {
      return emitBefore(line, true);
    }
    int cut = scan;
    while (cut > scan - 3 && (window[cut] & 0xC0) == 0x80) {
      cut--;
    }
    boolean isInsideCharacter = (window[cut] & 0xC0) == 0x80;
    int end = isInsideCharacter ? scan : cut;
    Line result = take(end, end, true);
    line = emitted;
    return result;
  }

  private Line emitBefore(int start) {
    return emitBefore(start, false);
  }

  private Line emitBefore(int start, boolean hasMore) {
    int lineBefore = line;
    Line result = take(start - 1, start, hasMore);
    line = Math.max(lineBefore, emitted);
    return result;
  }

  private Line emit(int end, int next, boolean hasMore) {
    Line result = take(end, next, hasMore);
    line = emitted;
    return result;
  }

  private Line take(int end, int next, boolean hasMore) {
    part = part > 0 || hasMore ? part + 1 : 0;
    Bytes text = Bytes.wrap(Arrays.copyOfRange(window, emitted, end));
    Line result = new Line(text, part, hasMore);
    emittedOffset += next - emitted;
    emitted = next;
    if (!hasMore) {
      part = 0;
    }
    return result;
  }

  private void makeRoom() {
    int from = Math.max(keep, emitted - TAIL_BYTES);
    int held = length - from;
    byte[] target = window;
    int needed = held + READ_BYTES;
    int usual = TAIL_BYTES + READ_BYTES;
    if (needed > window.length) {
      target = new byte[Math.max(needed, 2 * held)];
    } else if (window.length > 16 * usual && needed <= usual) {
      target = new byte[usual]; // One giant line must not pin its size for ever.
    }
    System.arraycopy(window, from, target, 0, held);
    window = target;
    keep = 0;
    emitted -= from;
    line -= from;
    scan -= from;
    length = held;
  }
}
