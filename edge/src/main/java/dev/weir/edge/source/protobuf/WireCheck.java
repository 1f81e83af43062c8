package dev.weir.edge.source.protobuf;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.edge.source.protobuf.WireSchema.Content;
import dev.weir.edge.source.protobuf.WireSchema.Field;
import dev.weir.edge.source.protobuf.WireSchema.MessageType;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Walks an encoded message and refuses what a reader could not decode: lengths that reach beyond
/// their message, broken varints, text that is not UTF-8, packed fields of a broken size, nesting
/// without end. Makes no objects, so that a request can be stored as it came and yet be known to be
/// sound.
///
/// The encoding: protobuf.dev/programming-guides/encoding. Groups, which proto3 does not have, are
/// refused.
///
/// A check is used once, by one thread.
public final class WireCheck {
  /// The limit of protobuf's own readers.
  private static final int MAX_DEPTH = 100;

  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH = 2;
  private static final int FIXED32 = 5;

  private final byte[] bytes;
  private final int start;
  private final Visitor visitor;
  private final WireSchema schema;
  private final int[] counts;
  private int index;

  /// Told what fields hold, for checks of what it means.
  public interface Visitor {
    /// For who needs only counts.
    Visitor NONE = new Visitor() {};

    /// A `text` field.
    ///
    /// @param type the name of the message type
    /// @param length in bytes
    default void text(String type, int field, int length) {}

    /// A `varints` field.
    ///
    /// @param type the name of the message type
    /// @param values one or more varints, well-formed
    default void varints(String type, int field, Bytes values) {}
  }

  private WireCheck(WireSchema schema, Bytes message, Visitor visitor) {
    this.bytes = message.array();
    this.start = message.arrayOffset();
    this.index = start;
    this.schema = schema;
    this.counts = new int[schema.typeCount()];
    this.visitor = visitor;
  }

  /// Checks a whole message.
  ///
  /// @param type the name of its type in the schema
  /// @return the check, for its counts
  /// @throws WeirException with MALFORMED, naming the byte and what is wrong with it
  public static WireCheck of(WireSchema schema, String type, Bytes message, Visitor visitor) {
    WireCheck check = new WireCheck(schema, message, visitor);
    check.message(schema.require(type), check.start + message.length(), 0);
    return check;
  }

  /// How many messages of a type there are, at any depth.
  public int count(String type) {
    return counts[schema.require(type).index()];
  }

  private void message(MessageType type, int end, int depth) {
    if (depth > MAX_DEPTH) {
      throw malformed("more than " + MAX_DEPTH + " levels of messages");
    }
    counts[type.index()]++;
    while (index < end) {
      long tag = varint(end);
      long number = tag >>> 3;
      if (number == 0 || number > 0x1fff_ffff) {
        throw malformed("a field has the number " + number);
      }
      @Nullable Field field = type.field((int) number);
      switch ((int) tag & 7) {
        case VARINT -> number(type, (int) number, field, end);
        case FIXED64 -> skip(Long.BYTES, end);
        case LENGTH -> delimited(type, (int) number, field, end, depth);
        case FIXED32 -> skip(Integer.BYTES, end);
        default -> throw malformed("a field has the wire type " + (tag & 7));
      }
    }
  }

  private void number(MessageType type, int number, @Nullable Field field, int end) {
    int from = index;
    varint(end);
    if (field != null && field.content() == Content.VARINTS) {
      tell(type, number, from);
    }
  }

  private void delimited(MessageType type, int number, @Nullable Field field, int end, int depth) {
    long length = varint(end);
    if (length < 0 || length > end - index) {
      throw malformed("a field of " + Long.toUnsignedString(length) + " bytes reaches too far");
    }
    int fieldEnd = index + (int) length;
    if (field == null) {
      index = fieldEnd;
      return;
    }
    switch (field.content()) {
      case TEXT -> text(type, number, fieldEnd);
      case VARINTS -> varints(type, number, fieldEnd);
      case FIXED32S -> fixed(Integer.BYTES, fieldEnd);
      case FIXED64S -> fixed(Long.BYTES, fieldEnd);
      case MESSAGE -> message(Objects.requireNonNull(field.message()), fieldEnd, depth + 1);
    }
  }

  private void text(MessageType type, int number, int end) {
    int wrong = Utf8.firstInvalid(bytes, index, end);
    if (wrong >= 0) {
      index = wrong;
      throw malformed("text that is not UTF-8");
    }
    visitor.text(type.name(), number, end - index);
    index = end;
  }

  private void varints(MessageType type, int number, int end) {
    int from = index;
    while (index < end) {
      varint(end);
    }
    if (index > from) {
      tell(type, number, from);
    }
  }

  private void tell(MessageType type, int number, int from) {
    if (!visitor.equals(Visitor.NONE)) {
      visitor.varints(type.name(), number, Bytes.wrap(bytes, from, index - from));
    }
  }

  private void fixed(int width, int end) {
    if ((end - index) % width != 0) {
      throw malformed("a packed field of " + (end - index) + " bytes, each value has " + width);
    }
    index = end;
  }

  private void skip(int count, int end) {
    if (count > end - index) {
      throw malformed("it ends within a field");
    }
    index += count;
  }

  private long varint(int end) {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      if (index >= end) {
        throw malformed("it ends within a number");
      }
      byte b = bytes[index++];
      value |= (b & 0x7fL) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw malformed("a number of more than ten bytes");
  }

  private WeirException malformed(String fault) {
    return new WeirException(
        ErrorCode.MALFORMED,
        "The protobuf message is not valid at byte " + (index - start) + ": " + fault + ".");
  }
}
