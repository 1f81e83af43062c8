package dev.weir.message;

import dev.weir.base.Bytes;
import dev.weir.base.Checks;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What is known of a batch without decompressing it. Version 1, little-endian, fields in any
/// order, an unknown tag is passed over:
///
/// ```
///  field      byte 0      tag
///             1           length, u24
///             4 ..        value
///
///  tag 1 TOPICS   u16 n, n × { u16 length, UTF-8 }           messages name them by index
///  tag 2 SOURCE   u64 incarnation, UTF-8 agent               who numbered the frame
///  tag 3 ORIGIN   opaque: where the edge source stood after this batch
///  tag 4 IDS      u32 n, n × { u32 message index, u8 length, bytes }
///  tag 5 SENT     u32 CRC-32C of the frame as its sender sent it (Batch.crc32c); only in a core's log
/// ```
///
/// @param topics the distinct topics of the batch, 1 to 256
/// @param source who numbered it; none until it has passed a link
/// @param origin the edge source's position after it, at most 16 KiB; empty outside a spool
/// @param ids the publishers' own message ids by index in the batch, ascending
/// @param sentCrc32c the checksum of the frame as it was sent; 0 when it is not known
public record BatchHeader(
    List<String> topics,
    Optional<BatchSource> source,
    Bytes origin,
    Map<Integer, Bytes> ids,
    int sentCrc32c) {
  public static final int MAX_TOPICS = 256;

  /// Bounds what must be read before a frame can be judged.
  public static final int MAX_BYTES = 256 << 10;

  /// Room for the positions of a few hundred tailed files.
  public static final int MAX_ORIGIN_BYTES = 16 << 10;

  /// What a builder leaves free for ORIGIN, for the SOURCE that a link puts in front, and for the
  /// tags.
  static final int RESERVED_BYTES = MAX_ORIGIN_BYTES + BatchSource.MAX_AGENT_BYTES + 64;

  private static final int TOPICS = 1;
  private static final int SOURCE = 2;
  private static final int ORIGIN = 3;
  private static final int IDS = 4;
  private static final int SENT = 5;

  public BatchHeader {
    topics = List.copyOf(topics);
    ids = MessageIds.copyOf(ids);
    Checks.range("topics", topics.size(), 0, MAX_TOPICS);
    Checks.range("origin length", origin.length(), 0, MAX_ORIGIN_BYTES);
  }

  /// A header outside of a core's log.
  public BatchHeader(
      List<String> topics, Optional<BatchSource> source, Bytes origin, Map<Integer, Bytes> ids) {
    this(topics, source, origin, ids, 0);
  }

  public static BatchHeader of(List<String> topics) {
    return new BatchHeader(topics, Optional.empty(), Bytes.EMPTY, Map.of());
  }

  /// The encoded form.
  public Bytes encode() {
    ByteBuffer out = ByteBuffer.allocate(encodedLength()).order(ByteOrder.LITTLE_ENDIAN);
    if (!topics.isEmpty()) {
      int start = begin(out, TOPICS);
      out.putShort((short) topics.size());
      for (String topic : topics) {
        byte[] name = topic.getBytes(StandardCharsets.UTF_8);
        out.putShort((short) name.length).put(name);
      }
      end(out, start);
    }
    source.ifPresent(s -> {
      int start = begin(out, SOURCE);
      out.putLong(s.incarnation()).put(s.agent().getBytes(StandardCharsets.UTF_8));
      end(out, start);
    });
    if (!origin.isEmpty()) {
      int start = begin(out, ORIGIN);
      origin.copyTo(out);
      end(out, start);
    }
    if (!ids.isEmpty()) {
      int start = begin(out, IDS);
      out.putInt(ids.size());
      ids.forEach((index, id) -> {
        out.putInt(index).put((byte) id.length());
        id.copyTo(out);
      });
      end(out, start);
    }
    if (sentCrc32c != 0) {
      int start = begin(out, SENT);
      out.putInt(sentCrc32c);
      end(out, start);
    }
    return Bytes.wrap(out.array(), 0, out.position());
  }

  /// Puts a source in front of an encoded header, without decoding it; the first SOURCE wins.
  public static Bytes withSource(BatchSource source, Bytes encoded) {
    Bytes front = new BatchHeader(List.of(), Optional.of(source), Bytes.EMPTY, Map.of()).encode();
    byte[] joined = new byte[front.length() + encoded.length()];
    front.copyTo(joined, 0);
    encoded.copyTo(joined, front.length());
    return Bytes.wrap(joined);
  }

  /// Reads a header.
  ///
  /// @throws WeirException with MALFORMED when it is not one, TOO_LARGE beyond the limits
  public static BatchHeader decode(Bytes encoded) {
    if (encoded.length() > MAX_BYTES) {
      throw new WeirException(
          ErrorCode.TOO_LARGE,
          "The batch header has " + encoded.length() + " bytes, at most " + MAX_BYTES + ".");
    }
    Decoder decoder = new Decoder();
    try {
      decoder.read(encoded.buffer().order(ByteOrder.LITTLE_ENDIAN));
      return new BatchHeader(
          decoder.topics, decoder.source, decoder.origin, decoder.ids.build(), decoder.sentCrc32c);
    } catch (BufferUnderflowException e) {
      throw new WeirException(ErrorCode.MALFORMED, "The batch header is cut short.", e);
    } catch (IllegalArgumentException e) {
      throw new WeirException(
          ErrorCode.MALFORMED, "The batch header does not decode: " + e.getMessage() + ".", e);
    }
  }

  private int encodedLength() {
    int length = topics.isEmpty() ? 0 : 6;
    for (String topic : topics) {
      length += 2 + Topic.utf8Length(topic);
    }
    length += source.map(s -> 12 + Topic.utf8Length(s.agent())).orElse(0);
    length += origin.isEmpty() ? 0 : 4 + origin.length();
    length += ids.isEmpty() ? 0 : 8;
    for (Bytes id : ids.values()) {
      length += 5 + id.length();
    }
    length += sentCrc32c == 0 ? 0 : 8;
    return length;
  }

  private static int begin(ByteBuffer out, int tag) {
    out.putInt(tag);
    return out.position();
  }

  private static void end(ByteBuffer out, int start) {
    int length = out.position() - start;
    out.putInt(start - 4, (out.getInt(start - 4) & 0xff) | (length << 8));
  }

  private static final class Decoder {
    private final List<String> topics = new ArrayList<>(1);
    private Optional<BatchSource> source = Optional.empty();
    private Bytes origin = Bytes.EMPTY;
    private final MessageIds.Builder ids = new MessageIds.Builder();
    private int sentCrc32c;

    void read(ByteBuffer in) {
      while (in.hasRemaining()) {
        int word = in.getInt();
        int end = in.position() + (word >>> 8);
        if (end > in.limit()) {
          throw new BufferUnderflowException();
        }
        ByteBuffer value =
            in.slice(in.position(), end - in.position()).order(ByteOrder.LITTLE_ENDIAN);
        switch (word & 0xff) {
          case TOPICS -> readTopics(value);
          case SOURCE -> readSource(value);
          case ORIGIN -> origin = Bytes.copyOf(value);
          case IDS -> readIds(value);
          case SENT -> sentCrc32c = value.getInt();
          default -> {} // A later version's field.
        }
        in.position(end);
      }
    }

    private void readTopics(ByteBuffer value) {
      int count = value.getShort() & 0xffff;
      if (topics.size() + count > MAX_TOPICS) {
        throw new WeirException(
            ErrorCode.TOO_LARGE, "A batch names " + count + " topics, at most " + MAX_TOPICS + ".");
      }
      for (int i = 0; i < count; i++) {
        topics.add(Topic.check(text(value, value.getShort() & 0xffff)));
      }
    }

    private void readSource(ByteBuffer value) {
      if (source.isEmpty()) {
        long incarnation = value.getLong();
        source = Optional.of(new BatchSource(text(value, value.remaining()), incarnation));
      }
    }

    private void readIds(ByteBuffer value) {
      int count = value.getInt();
      for (int i = 0; i < count; i++) {
        int index = Checks.range("index of an id", value.getInt(), 0, Batch.MAX_COUNT - 1);
        int length = Checks.range("length of an id", value.get() & 0xff, 1, Message.MAX_ID_BYTES);
        byte[] id = new byte[length];
        value.get(id);
        ids.put(index, Bytes.wrap(id));
      }
    }

    private static String text(ByteBuffer value, int length) {
      byte[] bytes = new byte[length];
      value.get(bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }
}
