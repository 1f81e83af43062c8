package dev.weir.message.columnar;

/// Restores a payload from its columns; the layout stands in [ColumnEncoder]. Believes nothing:
/// declared counts are held against the announced length, and memory is bounded by it and
/// [Points#MAX_POINTS].
public final class ColumnDecoder {
  private static final int MAX_RECORD_BYTES = 1 << 28;

  private final ColumnReader in;
  private final RowWriter out;
  private byte[][] fronts = {};
  private byte[][] rests = {};
  private int[] shapes = {};

  private ColumnDecoder(byte[] columns, int length, byte[] target, int rawLength) {
    this.in = new ColumnReader(columns, length);
    this.out = new RowWriter(target, rawLength);
  }

  /// Restores a payload of `rawLength` bytes into `target`.
  ///
  /// @param columns holds the columns in its first `length` bytes
  /// @throws dev.weir.base.WeirException with MALFORMED when they are not columns of such a payload
  public static void decode(byte[] columns, int length, byte[] target, int rawLength) {
    new ColumnDecoder(columns, length, target, rawLength).decode();
  }

  private void decode() {
    int version = in.u8();
    if (version != ColumnEncoder.VERSION) {
      throw ColumnReader.malformed("have version " + version + ", expected 1");
    }
    out.u8(1); // The payload's own version.
    out.bytes(in.array(), in.skip(Long.BYTES), Long.BYTES);
    // A record has at least its length, flags, topic and time.
    int count = in.count("messages", out.left() / 7);
    readEnvelopes(count);
    long[] envelopes = LongColumn.read(in, count);
    long[] times = LongColumn.read(in, count);
    long[] units = LongColumn.read(in, count);
    BodyDecoder[] bodies = bodies(out.left());
    for (int i = 0; i < count; i++) {
      record(envelopes[i], times[i], units[i], bodies);
    }
    boolean isAtEnd = bodies[1].isAtEnd() && bodies[2].isAtEnd() && bodies[3].isAtEnd();
    if (out.left() > 0 || in.left() > 0 || !isAtEnd) {
      throw ColumnReader.malformed(
          "leave " + out.left() + " bytes of the payload and " + in.left() + " of their own");
    }
  }

  /// By the number of their shape.
  private BodyDecoder[] bodies(int rawLength) {
    BodyDecoder others = new OtherBodies(in);
    boolean hasRows = false;
    boolean hasLines = false;
    boolean hasJson = false;
    for (int shape : shapes) {
      hasRows |= shape == RowShape.ROWS.number();
      hasLines |= shape == RowShape.TEXT.number();
      hasJson |= shape == RowShape.JSON.number();
    }
    BodyDecoder rows = hasRows ? BinaryRows.decoder(in, rawLength) : others;
    BodyDecoder lines = hasLines ? new TextDecoder(in, rawLength) : others;
    BodyDecoder json = hasJson ? new JsonDecoder(in, rawLength) : others;
    return new BodyDecoder[] {others, rows, lines, json};
  }

  private void readEnvelopes(int messages) {
    int count = in.count("envelopes", messages);
    fronts = new byte[count][];
    rests = new byte[count][];
    shapes = new int[count];
    for (int i = 0; i < count; i++) {
      shapes[i] = in.u8();
      if (shapes[i] > RowShape.JSON.number()) {
        throw ColumnReader.malformed("have shape " + shapes[i] + ", expected 0 to 3");
      }
      fronts[i] = in.copy(in.count("bytes of an envelope", in.left()));
      rests[i] = in.copy(in.count("bytes of an envelope", in.left()));
    }
  }

  private void record(long envelope, long time, long units, BodyDecoder[] bodies) {
    if (envelope < 0 || envelope >= fronts.length) {
      throw ColumnReader.malformed("name envelope " + envelope + " of " + fronts.length);
    }
    int start = out.reserve(4);
    byte[] front = fronts[(int) envelope];
    byte[] rest = rests[(int) envelope];
    out.bytes(front, 0, front.length);
    out.varint(time);
    out.bytes(rest, 0, rest.length);
    bodies[shapes[(int) envelope]].body(out, units);
    int length = out.index() - start - 4;
    if (length >= MAX_RECORD_BYTES) {
      throw ColumnReader.malformed("hold a record of " + length + " bytes");
    }
    byte[] target = out.array();
    target[start] = (byte) (length | 0x80);
    target[start + 1] = (byte) ((length >>> 7) | 0x80);
    target[start + 2] = (byte) ((length >>> 14) | 0x80);
    target[start + 3] = (byte) (length >>> 21);
  }

  /// Bodies that are as they were.
  private record OtherBodies(ColumnReader in) implements BodyDecoder {
    @Override
    public void body(RowWriter out, long units) {
      if (units < 0 || units > in.left()) {
        throw ColumnReader.malformed("have a body of " + units + " bytes");
      }
      out.bytes(in.array(), in.skip(units), (int) units);
    }

    @Override
    public boolean isAtEnd() {
      return in.left() == 0;
    }
  }
}
