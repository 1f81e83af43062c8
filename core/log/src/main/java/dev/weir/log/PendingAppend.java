package dev.weir.log;

import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/// One append on its way: made by the appender's thread, which also pays for checksum and topics,
/// then owned by the log's thread.
final class PendingAppend {
  private final LogEntry entry;
  private final AppendListener listener;
  private final int bodyCrc;
  private final List<String> topics;
  private final long offeredNanos;
  private long baseOffset;
  private long position;

  PendingAppend(
      LogEntry entry, AppendListener listener, TopicExtractor extractor, long offeredNanos) {
    this.entry = entry;
    this.listener = listener;
    this.offeredNanos = offeredNanos;
    CRC32C crc = new CRC32C();
    entry.header().update(crc);
    entry.payload().update(crc);
    this.bodyCrc = (int) crc.getValue();
    if (entry.type() == FrameType.DATA) {
      List<String> found = new ArrayList<>(1);
      extractor.extract(entry.header(), found::add);
      this.topics = found;
    } else {
      this.topics = List.of();
    }
  }

  LogEntry entry() {
    return entry;
  }

  AppendListener listener() {
    return listener;
  }

  int bodyCrc() {
    return bodyCrc;
  }

  List<String> topics() {
    return topics;
  }

  long offeredNanos() {
    return offeredNanos;
  }

  int frameBytes() {
    return entry.frameBytes();
  }

  /// Notes where the log's thread put it; called again when a write had to be repeated.
  void placedAt(long newBaseOffset, long newPosition) {
    baseOffset = newBaseOffset;
    position = newPosition;
  }

  long baseOffset() {
    return baseOffset;
  }

  long position() {
    return position;
  }
}
