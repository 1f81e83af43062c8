package dev.weir.edge.source.otlp;

import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/// Cuts an export request that is larger than a core takes into several, between whole records.
///
/// The three signals have one shape, so that numbers of fields are all that has to be known
/// (opentelemetry-proto 1.x):
///
/// ```
///  request        1: resource group …
///  resource group 1: resource   2: scope group …   3: schema URL
///  scope group    1: scope      2: record …        3: schema URL
/// ```
///
/// Records keep their order, and each part repeats what its records need: their resource and their
/// scope. A level whose repeated fields would take more than half of a part is refused: it would
/// multiply the request. Works on requests that [OtlpSignal#check] found sound.
final class OtlpSplit {
  private static final int RECORD_LEVEL = 3;
  private static final int LENGTH_DELIMITED = 2;

  /// A tag of one byte and a length of at most five.
  private static final int MAX_PREFIX_BYTES = 6;

  private OtlpSplit() {}

  /// @param maxBytes of a part, 64 or more
  /// @return the request itself when it is not larger, else two parts or more
  /// @throws WeirException with TOO_LARGE when a record with its resource and scope is larger
  static List<Bytes> split(Bytes request, int maxBytes) {
    return parts(request, 0, maxBytes, maxBytes);
  }

  private static List<Bytes> parts(Bytes message, int level, int maxBytes, int limitBytes) {
    if (message.length() <= maxBytes) {
      return List.of(message);
    }
    if (level == RECORD_LEVEL) {
      throw tooLarge("A record", limitBytes);
    }
    int repeatedField = level == 0 ? 1 : 2;
    ByteArrayOutputStream shared = new ByteArrayOutputStream();
    List<Bytes> children = new ArrayList<>();
    for (Reader reader = new Reader(message); reader.hasNext(); ) {
      reader.next();
      if (reader.isMessage(repeatedField)) {
        children.add(reader.value());
      } else {
        shared.writeBytes(reader.whole().toArray());
      }
    }
    int roomBytes = maxBytes - shared.size();
    if (shared.size() > maxBytes / 2) {
      throw tooLarge("What records share, as their resource,", limitBytes);
    }
    Packing packing = new Packing(shared.toByteArray(), maxBytes, repeatedField);
    for (Bytes child : children) {
      for (Bytes part : parts(child, level + 1, roomBytes - MAX_PREFIX_BYTES, limitBytes)) {
        packing.add(part);
      }
    }
    return packing.end();
  }

  private static WeirException tooLarge(String what, int limitBytes) {
    return new WeirException(
        ErrorCode.TOO_LARGE,
        what + " is larger than a core takes in one message, " + new ByteSize(limitBytes) + ".");
  }

  /// Gathers children into messages, as many in each as it holds.
  private static final class Packing {
    private final byte[] shared;
    private final int maxBytes;
    private final int tag;
    private final List<Bytes> full = new ArrayList<>();
    private final ByteArrayOutputStream current = new ByteArrayOutputStream();
    private boolean isEmpty = true;

    Packing(byte[] shared, int maxBytes, int field) {
      this.shared = shared;
      this.maxBytes = maxBytes;
      this.tag = (field << 3) | LENGTH_DELIMITED;
      current.writeBytes(shared);
    }

    void add(Bytes child) {
      if (!isEmpty && current.size() + MAX_PREFIX_BYTES + child.length() > maxBytes) {
        full.add(Bytes.wrap(current.toByteArray()));
        current.reset();
        current.writeBytes(shared);
      }
      isEmpty = false;
      current.write(tag);
      int rest = child.length();
      while (rest > 0x7f) {
        current.write((rest & 0x7f) | 0x80);
        rest >>>= 7;
      }
      current.write(rest);
      current.write(child.array(), child.arrayOffset(), child.length());
    }

    List<Bytes> end() {
      full.add(Bytes.wrap(current.toByteArray()));
      return full;
    }
  }

  /// Walks the fields of one sound message.
  private static final class Reader {
    private final Bytes message;
    private int start;
    private int valueStart;
    private int end;
    private long tag;

    Reader(Bytes message) {
      this.message = message;
    }

    boolean hasNext() {
      return end < message.length();
    }

    void next() {
      start = end;
      tag = varint();
      valueStart = end;
      switch ((int) (tag & 7)) {
        case 0 -> varint();
        case 1 -> end += Long.BYTES;
        case LENGTH_DELIMITED -> {
          int length = Math.toIntExact(varint());
          valueStart = end;
          end += length;
        }
        case 5 -> end += Integer.BYTES;
        default -> throw new WeirException(ErrorCode.MALFORMED, "A field has no known wire type.");
      }
    }

    boolean isMessage(int field) {
      return tag == (((long) field << 3) | LENGTH_DELIMITED);
    }

    Bytes value() {
      return message.slice(valueStart, end - valueStart);
    }

    /// The field with its tag.
    Bytes whole() {
      return message.slice(start, end - start);
    }

    private long varint() {
      long value = 0;
      for (int shift = 0; ; shift += 7) {
        byte b = message.at(end++);
        value |= (long) (b & 0x7f) << shift;
        if (b >= 0) {
          return value;
        }
      }
    }
  }
}
