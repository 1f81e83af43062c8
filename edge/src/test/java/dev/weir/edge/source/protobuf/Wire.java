package dev.weir.edge.source.protobuf;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import dev.weir.base.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/// Writes protobuf messages field by field, with the library's own encoder: what a schema would
/// have generated, and what none would.
public final class Wire {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CodedOutputStream out = CodedOutputStream.newInstance(bytes);

  /// One write to the encoder.
  private interface Write {
    void to(CodedOutputStream out) throws IOException;
  }

  private Wire write(Write write) {
    try {
      write.to(out);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Wire text(int field, String text) {
    return write(o -> o.writeString(field, text));
  }

  public Wire message(int field, Wire message) {
    return raw(field, message.bytes().toArray());
  }

  public Wire raw(int field, byte... content) {
    return write(o -> o.writeBytes(field, ByteString.copyFrom(content)));
  }

  public Wire varint(int field, long value) {
    return write(o -> o.writeUInt64(field, value));
  }

  public Wire fixed64(int field, long value) {
    return write(o -> o.writeFixed64(field, value));
  }

  public Wire real(int field, double value) {
    return write(o -> o.writeDouble(field, value));
  }

  public Wire fixed32(int field, int value) {
    return write(o -> o.writeFixed32(field, value));
  }

  /// A packed field of varints.
  public Wire varints(int field, long... values) {
    Wire packed = new Wire();
    for (long value : values) {
      packed.write(o -> o.writeUInt64NoTag(value));
    }
    return message(field, packed);
  }

  public Bytes bytes() {
    write(CodedOutputStream::flush);
    return Bytes.wrap(bytes.toByteArray());
  }
}
