package dev.weir.message;

import dev.weir.base.Bytes;
import dev.weir.base.Checks;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Gathers messages into one batch. Owned by one thread; reusable after [#build].
///
/// The raw payload, version 1. Numbers are unsigned LEB128 varints unless a width is given; texts
/// are UTF-8:
///
/// ```
///  byte 0      u8 version = 1
///       1      u64 base time, microseconds since 1970, little-endian
///       9 ..   one record a message:
///              varint  length of the rest of the record
///              u8      flags: 1 key, 2 headers, 4 content type, 8 id, 16 ttl, 32 delay,
///                      64 priority; 128 must be 0
///              varint  topic index in the header's TOPICS
///              varint  zigzag(time - base time), microseconds
///              [key]           varint length, bytes
///              [headers]       varint n, n × { varint length, name, varint length, value }
///              [content type]  varint length, text
///              [id]            varint length, bytes
///              [ttl]           varint milliseconds
///              [delay]         varint milliseconds
///              [priority]      u8
///              body            what is left of the record
/// ```
public final class BatchBuilder {
  static final int VERSION = 1;
  static final int KEY = 1;
  static final int HEADERS = 2;
  static final int CONTENT_TYPE = 4;
  static final int ID = 8;
  static final int TTL = 16;
  static final int DELAY = 32;
  static final int PRIORITY = 64;
  static final int PREFIX_BYTES = 9;

  private final int maxBytes;
  private final boolean isForOne;
  private final @Nullable ColumnarPayload columnar;
  private final List<String> topics = new ArrayList<>();
  private final Map<String, Integer> topicIndex = new HashMap<>();
  private MessageIds.Builder ids = new MessageIds.Builder();
  private byte[] raw;
  private byte[] packed = new byte[0];
  private int length;
  private int headerBytes;
  private int count;
  private long baseTimeMicros;

  /// A builder of plain batches.
  ///
  /// @param maxBytes the raw size at which a batch is full, 1 KiB to 16 MiB; one larger message
  ///   still makes a batch of its own
  public BatchBuilder(int maxBytes) {
    this(maxBytes, false);
  }

  /// @param isColumnar whether batches of metrics become columns where that is smaller
  public BatchBuilder(int maxBytes, boolean isColumnar) {
    this(maxBytes, isColumnar, false);
  }

  private BatchBuilder(int maxBytes, boolean isColumnar, boolean isForOne) {
    this.columnar = isColumnar ? new ColumnarPayload() : null;
    this.maxBytes = Checks.range("maxBytes", maxBytes, 1 << 10, Message.MAX_BODY_BYTES);
    this.isForOne = isForOne;
    this.raw = new byte[isForOne ? maxBytes : Math.min(maxBytes, 64 << 10)];
  }

  /// A builder of a single batch, whose array becomes the batch's payload: for who knows about how
  /// large it will be. Not to be used again after [#build].
  ///
  /// @param maxBytes the raw size, a little more than it will be (much more costs a copy), 1 KiB to
  ///   16 MiB
  public static BatchBuilder forOne(int maxBytes) {
    return new BatchBuilder(maxBytes, false, true);
  }

  public boolean isEmpty() {
    return count == 0;
  }

  public int count() {
    return count;
  }

  /// Raw bytes gathered so far.
  public int length() {
    return length;
  }

  /// Adds a message, unless the batch is too full for it.
  ///
  /// @return false when nothing was added: build, then add it again
  public boolean add(Message message) {
    int bound = bound(message);
    boolean isNewTopic = !topicIndex.containsKey(message.topic());
    int headerGrowth =
        (isNewTopic ? 2 + 3 * message.topic().length() : 0)
            + (message.id().isEmpty() ? 0 : 5 + message.id().length());
    boolean hasRoom =
        length + bound <= maxBytes
            && count < Batch.MAX_COUNT
            && headerBytes + headerGrowth + BatchHeader.RESERVED_BYTES <= BatchHeader.MAX_BYTES
            && !(isNewTopic && topics.size() == BatchHeader.MAX_TOPICS);
    if (count > 0 && !hasRoom) {
      return false;
    }
    if (count == 0) {
      begin(message.timeMicros());
    }
    headerBytes += headerGrowth;
    ensure(bound);
    write(message, topic(message.topic()));
    if (!message.id().isEmpty()) {
      ids.put(count, message.id());
    }
    count++;
    return true;
  }

  /// What is gathered so far, copied: the payload before compression, for whoever samples it.
  public Bytes raw() {
    return raw(length);
  }

  /// As [#raw()], at most so many bytes of it.
  public Bytes raw(int maxBytes) {
    return Bytes.wrap(Arrays.copyOf(raw, Math.min(length, maxBytes)));
  }

  /// The topic of the first message.
  public String firstTopic() {
    Checks.state(count > 0, "The batch has no message yet");
    return topics.getFirst();
  }

  /// As [#build(Encoding, Bytes)], without a dictionary.
  public Batch build(int zstdLevel, Bytes origin) {
    return build(Encoding.plain(zstdLevel), origin);
  }

  /// Ends the batch and empties the builder.
  ///
  /// @param encoding how to, where columns are not smaller; a payload that would not shrink is
  ///   stored as it is
  /// @param origin where the edge source stood after the last message, at most
  ///   [BatchHeader#MAX_ORIGIN_BYTES]; empty for none
  public Batch build(Encoding encoding, Bytes origin) {
    Checks.state(count > 0, "A batch needs at least one message");
    Bytes header = new BatchHeader(topics, Optional.empty(), origin, ids.build()).encode();
    Batch batch = encode(encoding, header);
    clear();
    return batch;
  }

  private Batch encode(Encoding encoding, Bytes header) {
    if (encoding.zstdLevel() > 0) {
      Optional<Bytes> columns =
          columnar == null ? Optional.empty() : columnar.encode(raw, length, encoding);
      if (columns.isPresent()) {
        return new Batch(Codec.COLUMNAR_ZSTD, count, length, header, columns.get());
      }
      int bound = Compression.bound(length);
      if (packed.length < bound) {
        packed = new byte[bound];
      }
      Bytes payload = Compression.zstd(packed, raw, length, encoding);
      if (payload.length() < length) {
        return new Batch(Codec.ZSTD, encoding.dictionary(), count, length, header, payload);
      }
    }
    boolean isOwn = isForOne && raw.length - length <= length / 4;
    return new Batch(Codec.NONE, count, length, header, isOwn ? Bytes.wrap(raw, 0, length) : raw());
  }

  private void begin(long timeMicros) {
    baseTimeMicros = timeMicros;
    raw[0] = VERSION;
    for (int i = 0; i < Long.BYTES; i++) {
      raw[1 + i] = (byte) (timeMicros >>> (8 * i));
    }
    length = PREFIX_BYTES;
  }

  private void clear() {
    topics.clear();
    topicIndex.clear();
    ids = new MessageIds.Builder();
    if (columnar != null) {
      columnar.clear();
    }
    length = 0;
    headerBytes = 0;
    count = 0;
    if (isForOne) {
      raw = new byte[0]; // It is the batch's own now.
      return;
    }
    if (raw.length > 2 * maxBytes) {
      raw = new byte[maxBytes]; // One giant message must not pin its size for ever.
      packed = new byte[0];
    }
  }

  private int topic(String name) {
    Integer known = topicIndex.get(name);
    if (known != null) {
      return known;
    }
    topicIndex.put(name, topics.size());
    topics.add(name);
    return topics.size() - 1;
  }

  private static int bound(Message message) {
    int bound = 64 + message.key().length() + message.id().length() + message.body().length();
    bound += 3 * message.contentType().length();
    return message.headers().isEmpty() ? bound : bound + headerBound(message.headers());
  }

  private static int headerBound(Map<String, String> headers) {
    int bound = 0;
    for (Map.Entry<String, String> header : headers.entrySet()) {
      bound += 10 + 3 * (header.getKey().length() + header.getValue().length());
    }
    return bound;
  }

  private void ensure(int more) {
    if (length + more > raw.length) {
      raw = Arrays.copyOf(raw, Math.max(length + more, 2 * raw.length));
    }
  }

  /// The record's length is not known until it is written: four bytes are kept for its varint,
  /// padded with continuation bits, which costs a record of a small batch three bytes and saves a
  /// copy.
  private void write(Message message, int topic) {
    int start = length;
    length += 4;
    raw[length++] = (byte) flags(message);
    varint(topic);
    int time = length;
    long delta = message.timeMicros() - baseTimeMicros;
    varint((delta << 1) ^ (delta >> 63));
    int rest = length;
    if (!message.key().isEmpty()) {
      bytes(message.key());
    }
    if (!message.headers().isEmpty()) {
      varint(message.headers().size());
      message.headers().forEach(this::header);
    }
    if (!message.contentType().isEmpty()) {
      text(message.contentType());
    }
    if (!message.id().isEmpty()) {
      bytes(message.id());
    }
    if (!message.ttl().isZero()) {
      varint(message.ttl().toMillis());
    }
    if (!message.delay().isZero()) {
      varint(message.delay().toMillis());
    }
    if (message.priority() != Message.DEFAULT_PRIORITY) {
      raw[length++] = (byte) message.priority();
    }
    int body = length;
    message.body().copyTo(raw, length);
    length += message.body().length();
    if (columnar != null) {
      columnar.add(message, start + 4, time, rest, body, length);
    }
    int recordLength = length - start - 4;
    raw[start] = (byte) (recordLength | 0x80);
    raw[start + 1] = (byte) ((recordLength >>> 7) | 0x80);
    raw[start + 2] = (byte) ((recordLength >>> 14) | 0x80);
    raw[start + 3] = (byte) (recordLength >>> 21);
  }

  private static int flags(Message message) {
    return (message.key().isEmpty() ? 0 : KEY)
        | (message.headers().isEmpty() ? 0 : HEADERS)
        | (message.contentType().isEmpty() ? 0 : CONTENT_TYPE)
        | (message.id().isEmpty() ? 0 : ID)
        | (message.ttl().isZero() ? 0 : TTL)
        | (message.delay().isZero() ? 0 : DELAY)
        | (message.priority() == Message.DEFAULT_PRIORITY ? 0 : PRIORITY);
  }

  private void header(String name, String value) {
    text(name);
    text(value);
  }

  private void text(String text) {
    bytes(Bytes.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  private void bytes(Bytes bytes) {
    varint(bytes.length());
    bytes.copyTo(raw, length);
    length += bytes.length();
  }

  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      raw[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    raw[length++] = (byte) rest;
  }
}
