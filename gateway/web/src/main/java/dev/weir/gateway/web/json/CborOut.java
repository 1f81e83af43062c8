package dev.weir.gateway.web.json;

import dev.weir.base.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// CBOR (RFC 8949) with numbers for the names of [CborNames]; objects and arrays of indefinite
/// length, since they are written as they come; bytes as they are.
final class CborOut implements DocumentOut {
  static final int UNSIGNED = 0;
  static final int NEGATIVE = 1;
  static final int BYTES = 2;
  static final int TEXT = 3;
  static final int ARRAY = 4;
  static final int MAP = 5;
  static final int SIMPLE = 7;
  static final int INDEFINITE = 31;
  static final int FALSE = 20;
  static final int TRUE = 21;
  static final int NULL = 22;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

  private void head(int major, long value) {
    int type = major << 5;
    if (value < 24) {
      out.write(type | (int) value);
    } else if (value < 1 << 8) {
      out.write(type | 24);
      bigEndian(value, 1);
    } else if (value < 1 << 16) {
      out.write(type | 25);
      bigEndian(value, 2);
    } else if (value < 1L << 32) {
      out.write(type | 26);
      bigEndian(value, 4);
    } else {
      out.write(type | 27);
      bigEndian(value, 8);
    }
  }

  private void bigEndian(long value, int bytes) {
    for (int i = bytes - 1; i >= 0; i--) {
      out.write((int) (value >>> (8 * i)));
    }
  }

  @Override
  public void beginObject() {
    out.write(MAP << 5 | INDEFINITE);
  }

  @Override
  public void endObject() {
    out.write(SIMPLE << 5 | INDEFINITE);
  }

  @Override
  public void beginArray() {
    out.write(ARRAY << 5 | INDEFINITE);
  }

  @Override
  public void endArray() {
    out.write(SIMPLE << 5 | INDEFINITE);
  }

  @Override
  public void name(String name) {
    word(name);
  }

  @Override
  public void text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    head(TEXT, utf8.length);
    out.write(utf8, 0, utf8.length);
  }

  @Override
  public void word(String value) {
    CborNames.number(value).ifPresentOrElse(number -> head(UNSIGNED, number), () -> text(value));
  }

  @Override
  public void number(long value) {
    if (value < 0) {
      head(NEGATIVE, -1 - value);
    } else {
      head(UNSIGNED, value);
    }
  }

  @Override
  public void truth(boolean value) {
    out.write(SIMPLE << 5 | (value ? TRUE : FALSE));
  }

  @Override
  public void bytes(String name, String encodingName, Bytes value) {
    name(name);
    head(BYTES, value.length());
    out.write(value.array(), value.arrayOffset(), value.length());
  }

  @Override
  public Bytes finish() {
    return Bytes.wrap(out.toByteArray());
  }

  @Override
  public int length() {
    return out.size();
  }
}
