package dev.weir.message;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Decodes a batch into its messages; the layout stands in [BatchBuilder]. Bodies and keys share
/// the decompressed array.
public final class BatchReader {
  private final Bytes raw;
  private final List<String> topics;
  private int index;
  private int end;

  private BatchReader(Bytes raw, List<String> topics) {
    this.raw = raw;
    this.topics = topics;
    this.end = raw.length();
  }

  /// All messages of a batch, in order.
  ///
  /// @throws WeirException with MALFORMED or DECOMPRESSION_REFUSED when it is not what it claims
  public static List<Message> read(Batch batch) {
    return read(batch, BatchHeader.decode(batch.header()));
  }

  /// As [#read(Batch)], with the header decoded before.
  public static List<Message> read(Batch batch, BatchHeader header) {
    Bytes raw = Compression.restore(batch);
    BatchReader reader = new BatchReader(raw, header.topics());
    try {
      return reader.messages(batch.count());
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new WeirException(
          ErrorCode.MALFORMED, "The batch does not decode: " + e.getMessage() + ".", e);
    }
  }

  private List<Message> messages(int count) {
    if (u8() != BatchBuilder.VERSION) {
      throw malformed("The batch has version " + raw.at(0) + ", expected 1.");
    }
    long baseTimeMicros = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      baseTimeMicros |= (long) u8() << (8 * i);
    }
    List<Message> messages = new ArrayList<>(Math.min(count, raw.length() / 4));
    for (int i = 0; i < count; i++) {
      messages.add(message(baseTimeMicros));
    }
    if (index != raw.length()) {
      throw malformed((raw.length() - index) + " bytes follow the last message of the batch.");
    }
    return messages;
  }

  private Message message(long baseTimeMicros) {
    end = raw.length();
    int length = length();
    end = index + length;
    int flags = u8();
    if (flags > 0x7f) {
      throw malformed("A message has the unknown flag 128.");
    }
    long topic = varint();
    if (topic < 0 || topic >= topics.size()) {
      throw malformed("A message names topic " + topic + " of " + topics.size() + ".");
    }
    long zigzag = varint();
    long timeMicros = baseTimeMicros + ((zigzag >>> 1) ^ -(zigzag & 1));
    Bytes key = has(flags, BatchBuilder.KEY) ? bytes() : Bytes.EMPTY;
    Map<String, String> headers = has(flags, BatchBuilder.HEADERS) ? headers() : Map.of();
    String contentType = has(flags, BatchBuilder.CONTENT_TYPE) ? bytes().utf8() : "";
    Bytes id = has(flags, BatchBuilder.ID) ? bytes() : Bytes.EMPTY;
    Duration ttl = has(flags, BatchBuilder.TTL) ? Duration.ofMillis(varint()) : Duration.ZERO;
    Duration delay = has(flags, BatchBuilder.DELAY) ? Duration.ofMillis(varint()) : Duration.ZERO;
    int priority = has(flags, BatchBuilder.PRIORITY) ? u8() : Message.DEFAULT_PRIORITY;
    Bytes body = raw.slice(index, end - index);
    index = end;
    return new Message(
        topics.get((int) topic),
        key,
        timeMicros,
        headers,
        contentType,
        id,
        body,
        ttl,
        delay,
        priority);
  }

  private Map<String, String> headers() {
    long count = varint();
    if (count < 0 || count > Message.MAX_HEADERS) {
      throw malformed("A message has " + count + " headers, at most " + Message.MAX_HEADERS + ".");
    }
    Map<String, String> headers = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      String name = bytes().utf8();
      headers.put(name, bytes().utf8());
    }
    return headers;
  }

  private Bytes bytes() {
    int length = length();
    Bytes bytes = raw.slice(index, length);
    index += length;
    return bytes;
  }

  /// A length that still fits into what encloses it.
  private int length() {
    long length = varint();
    if (length < 0 || length > end - index) {
      throw malformed("A length of " + length + " exceeds the " + (end - index) + " bytes left.");
    }
    return (int) length;
  }

  private int u8() {
    if (index >= end) {
      throw malformed("The batch ends inside a message.");
    }
    return raw.at(index++) & 0xff;
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int b = u8();
      value |= (long) (b & 0x7f) << shift;
      if (b < 0x80) {
        return value;
      }
    }
    throw malformed("A number has more than ten bytes.");
  }

  private static boolean has(int flags, int flag) {
    return (flags & flag) != 0;
  }

  private static WeirException malformed(String fault) {
    return new WeirException(ErrorCode.MALFORMED, fault);
  }
}
