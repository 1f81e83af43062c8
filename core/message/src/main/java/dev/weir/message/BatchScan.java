package dev.weir.message;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;

/// Walks a batch once without building its messages: tells whether it decodes, how its messages
/// divide over its topics, and whether any of them expires. For whoever must judge a batch before
/// passing it on unchanged.
///
/// As strict as [BatchReader]: what this accepts, that one decodes. Owned by one thread.
public final class BatchScan {
  /// The longest text of headers that cannot exceed the limit however it decodes: one stray byte
  /// becomes a replacement character of three.
  private static final int SURE_HEADER_BYTES = Message.MAX_HEADER_BYTES / 3;

  private static final int SURE_CONTENT_TYPE_BYTES = 255;

  private final byte[] bytes;
  private final int limit;
  private final int[] counts;
  private final long[] bodyBytes;
  private int index;
  private int end;
  private int largestBodyBytes;
  private boolean hasTtl;
  private boolean hasDelay;
  private boolean hasRetained;
  private boolean isUnsure;

  private BatchScan(Bytes raw, int topics) {
    this.bytes = raw.array();
    this.index = raw.arrayOffset();
    this.limit = raw.arrayOffset() + raw.length();
    this.end = limit;
    this.counts = new int[topics];
    this.bodyBytes = new long[topics];
  }

  /// Walks a batch.
  ///
  /// @param header the batch's header, decoded
  /// @param scratch where to decompress when it is large enough; its content is void afterwards
  /// @throws WeirException with MALFORMED or DECOMPRESSION_REFUSED when it is not what it claims
  public static BatchScan of(Batch batch, BatchHeader header, byte[] scratch) {
    Bytes raw = Compression.restoreInto(scratch, batch);
    BatchScan scan = new BatchScan(raw, header.topics().size());
    scan.walk(batch.count());
    if (scan.isUnsure) {
      BatchReader.read(batch, header);
    }
    return scan;
  }

  /// Messages of the topic at an index in the header's list.
  public int count(int topic) {
    return counts[topic];
  }

  /// Bytes of their bodies.
  public long bodyBytes(int topic) {
    return bodyBytes[topic];
  }

  /// Bytes of the largest body.
  public int largestBodyBytes() {
    return largestBodyBytes;
  }

  /// Whether any message has a time to live.
  public boolean hasTtl() {
    return hasTtl;
  }

  /// Whether any message is to be held back.
  public boolean hasDelay() {
    return hasDelay;
  }

  /// Whether any message asks to be kept as the last of its topic ([Retain]).
  public boolean hasRetained() {
    return hasRetained;
  }

  private void walk(int count) {
    int version = u8();
    if (version != BatchBuilder.VERSION) {
      throw malformed("The batch has version " + version + ", expected 1.");
    }
    skip(Long.BYTES);
    for (int i = 0; i < count; i++) {
      message();
    }
    if (index != limit) {
      throw malformed((limit - index) + " bytes follow the last message of the batch.");
    }
  }

  private void message() {
    end = limit;
    int length = length(Integer.MAX_VALUE);
    end = index + length;
    int flags = u8();
    if (flags > 0x7f) {
      throw malformed("A message has the unknown flag 128.");
    }
    long topic = varint();
    if (topic < 0 || topic >= counts.length) {
      throw malformed("A message names topic " + topic + " of " + counts.length + ".");
    }
    varint();
    if (flags != 0) {
      options(flags);
    }
    int body = end - index;
    if (body > Message.MAX_BODY_BYTES) {
      throw malformed("A body of " + body + " bytes exceeds " + Message.MAX_BODY_BYTES + ".");
    }
    counts[(int) topic]++;
    bodyBytes[(int) topic] += body;
    largestBodyBytes = Math.max(largestBodyBytes, body);
    index = end;
    end = limit;
  }

  private void options(int flags) {
    if ((flags & BatchBuilder.KEY) != 0) {
      skip(length(Message.MAX_KEY_BYTES));
    }
    if ((flags & BatchBuilder.HEADERS) != 0) {
      headers();
    }
    if ((flags & BatchBuilder.CONTENT_TYPE) != 0) {
      int length = length(Integer.MAX_VALUE);
      isUnsure |= length > SURE_CONTENT_TYPE_BYTES;
      skip(length);
    }
    if ((flags & BatchBuilder.ID) != 0) {
      skip(length(Message.MAX_ID_BYTES));
    }
    if ((flags & BatchBuilder.TTL) != 0) {
      hasTtl |= millis() > 0;
    }
    if ((flags & BatchBuilder.DELAY) != 0) {
      hasDelay |= millis() > 0;
    }
    if ((flags & BatchBuilder.PRIORITY) != 0) {
      int priority = u8();
      if (priority > 9) {
        throw malformed("A message has priority " + priority + ", expected 0 to 9.");
      }
    }
  }

  private void headers() {
    long count = varint();
    if (count < 0 || count > Message.MAX_HEADERS) {
      throw malformed("A message has " + count + " headers, at most " + Message.MAX_HEADERS + ".");
    }
    int start = index;
    for (int i = 0; i < count; i++) {
      int nameLength = length(Integer.MAX_VALUE);
      int name = index;
      skip(nameLength);
      int valueLength = length(Integer.MAX_VALUE);
      hasRetained |=
          Retain.isHeader(bytes, name, nameLength) && Retain.isYes(bytes, index, valueLength);
      skip(valueLength);
    }
    isUnsure |= index - start > SURE_HEADER_BYTES;
  }

  private long millis() {
    long millis = varint();
    if (millis < 0 || millis > Message.MAX_TTL.toMillis()) {
      throw malformed("A time of " + millis + " ms is beyond " + Message.MAX_TTL.toDays() + " d.");
    }
    return millis;
  }

  /// A length that still fits into what encloses it and is at most `max`.
  private int length(int max) {
    long length = varint();
    if (length < 0 || length > end - index || length > max) {
      throw malformed(
          "A length of " + length + " exceeds " + Math.min(max, end - index) + " bytes.");
    }
    return (int) length;
  }

  private void skip(int count) {
    if (count > end - index) {
      throw malformed("The batch ends inside a message.");
    }
    index += count;
  }

  private int u8() {
    if (index >= end) {
      throw malformed("The batch ends inside a message.");
    }
    return bytes[index++] & 0xff;
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

  private static WeirException malformed(String fault) {
    return new WeirException(ErrorCode.MALFORMED, fault);
  }
}
