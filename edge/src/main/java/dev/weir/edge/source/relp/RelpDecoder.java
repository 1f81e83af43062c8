package dev.weir.edge.source.relp;

import dev.weir.base.Bytes;
import dev.weir.base.Checks;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Cuts a stream of RELP frames (RELP specification by R. Gerhards, "RELP FRAME"). Owned by one
/// thread.
///
/// ```
///   TXNR SP COMMAND SP DATALEN [SP DATA] LF
///   1-9    1-32        1-9 digits, DATA only when it is not 0
///   digits letters
/// ```
///
/// A frame over the limit is passed over without being held, so that its sender can be told and the
/// frames behind it are taken. Anything else that is not a frame ends the connection.
final class RelpDecoder {
  static final int READ_BYTES = 16 << 10;

  /// `999999999 ` + 32 letters + ` 999999999 `.
  private static final int MAX_HEADER_BYTES = 53;

  private static final Pattern HEADER =
      Pattern.compile("([0-9]{1,9}) ([A-Za-z]{1,32}) ([0-9]{1,9})([ \n])");

  /// What may become a header with more bytes.
  private static final Pattern BEGINNING =
      Pattern.compile("[0-9]{0,9}|[0-9]{1,9} [A-Za-z]{0,32}|[0-9]{1,9} [A-Za-z]{1,32} [0-9]{0,9}");

  private final int maxDataBytes;
  private byte[] window = new byte[READ_BYTES];
  private int from;
  private int length;
  private @Nullable RelpFrame passedOver;
  private int toPassOver;

  RelpDecoder(int maxDataBytes) {
    this.maxDataBytes = Checks.range("maxDataBytes", maxDataBytes, 1024, 8 << 20);
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

  /// Whether the stream stands between two frames.
  boolean isAtBoundary() {
    return from == length && passedOver == null;
  }

  /// The next whole frame; null when more bytes are needed.
  ///
  /// @throws WeirException with MALFORMED when what stands there is no frame
  @Nullable RelpFrame next() {
    if (passedOver != null) {
      return passOver(passedOver);
    }
    int looked = Math.min(length - from, MAX_HEADER_BYTES);
    String text = new String(window, from, looked, StandardCharsets.ISO_8859_1);
    Matcher header = HEADER.matcher(text);
    if (!header.lookingAt()) {
      requireBeginning(text);
      return null;
    }
    int number = Integer.parseInt(header.group(1));
    int dataBytes = Integer.parseInt(header.group(3));
    boolean isEmpty = header.group(4).equals("\n");
    if (isEmpty && dataBytes > 0) {
      throw malformed("a frame announces " + dataBytes + " bytes and ends at once");
    }
    RelpFrame frame =
        new RelpFrame(number, header.group(2), Bytes.EMPTY, dataBytes, dataBytes > maxDataBytes);
    if (isEmpty) {
      from += header.end();
      return frame;
    }
    return withData(frame, from + header.end());
  }

  private @Nullable RelpFrame withData(RelpFrame frame, int dataFrom) {
    if (frame.isOversize()) {
      from = dataFrom;
      toPassOver = frame.dataBytes();
      passedOver = frame;
      return passOver(frame);
    }
    int dataEnd = dataFrom + frame.dataBytes();
    if (dataEnd >= length) {
      return null;
    }
    requireTrailer(window[dataEnd]);
    from = dataEnd + 1;
    Bytes data = Bytes.wrap(Arrays.copyOfRange(window, dataFrom, dataEnd));
    return new RelpFrame(frame.number(), frame.command(), data, frame.dataBytes(), false);
  }

  private @Nullable RelpFrame passOver(RelpFrame frame) {
    int count = Math.min(toPassOver, length - from);
    from += count;
    toPassOver -= count;
    if (toPassOver > 0 || from == length) {
      return null;
    }
    requireTrailer(window[from]);
    from++;
    passedOver = null;
    return frame;
  }

  private static void requireBeginning(String text) {
    if (!BEGINNING.matcher(text).matches()) {
      throw malformed("'" + text.replaceAll("[^ -~]", "?") + "' does not begin a frame");
    }
  }

  private static void requireTrailer(byte b) {
    if (b != '\n') {
      throw malformed("a frame does not end with a line feed");
    }
  }

  private static WeirException malformed(String fault) {
    return new WeirException(ErrorCode.MALFORMED, "RELP: " + fault + ".");
  }

  private void makeRoom() {
    int held = length - from;
    byte[] target = window;
    int needed = held + READ_BYTES;
    if (needed > window.length) {
      target = new byte[Math.min(2 * needed, maxDataBytes + 3 * READ_BYTES)];
    } else if (held == 0 && window.length > READ_BYTES) {
      target = new byte[READ_BYTES]; // One large frame must not pin its size for ever.
    }
    System.arraycopy(window, from, target, 0, held);
    window = target;
    from = 0;
    length = held;
  }
}
