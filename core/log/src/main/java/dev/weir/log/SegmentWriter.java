package dev.weir.log;

import dev.weir.base.Bytes;
import dev.weir.base.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.CRC32C;

/// Appends groups of frames to one segment. A group is collected, written with one write, forced
/// once, and only then counted: until [#committed] nothing of it exists, and a group whose write
/// failed for lack of space may be collected and written again at the same place.
///
/// After any other failure the file must not be used again. The log's thread owns it.
final class SegmentWriter {
  private static final byte[] NOTHING = new byte[2 * DirectWrites.BLOCK_BYTES];

  private final UUID log;
  private final Segment segment;
  private final DiskFile file;
  private final FrameCodec codec;
  private final GroupBuffer group;
  private final IndexBuilder index;
  private final CRC32C crc = new CRC32C();

  /// Where the group's own dictionaries stand.
  private final Map<Integer, Long> groupDictionaries = new HashMap<>();

  private final long allocatedBytes;
  private long position;
  private long lastMicros;

  /// @param allocatedBytes how far the file already has blocks
  SegmentWriter(UUID log, Segment segment, DiskFile file, GroupBuffer group, long allocatedBytes) {
    this.log = log;
    this.segment = segment;
    this.file = file;
    this.codec = new FrameCodec(log, segment.number());
    this.group = group;
    this.index = new IndexBuilder(segment.baseOffset());
    this.allocatedBytes = allocatedBytes;
  }

  Segment segment() {
    return segment;
  }

  IndexBuilder index() {
    return index;
  }

  /// Where the next group begins: everything before it is durable.
  long position() {
    return position;
  }

  long allocatedBytes() {
    return Math.max(allocatedBytes, position);
  }

  long lastMicros() {
    return lastMicros;
  }

  /// Starts an empty group.
  void begin() {
    var _ = group.clear(position);
    groupDictionaries.clear();
  }

  /// Puts the segment's first page; only at position 0.
  void header(SegmentHeader header) {
    header.encode(group.withRoom(Layout.SEGMENT_HEADER_BYTES));
  }

  /// Puts a frame of the log's own.
  void own(FrameType type, long offset, long micros, Bytes payload) {
    own(type, offset, micros, 0, payload);
  }

  private void own(FrameType type, long offset, long micros, int dictionaryId, Bytes payload) {
    crc.reset();
    payload.update(crc);
    put(
        new FrameHeader(
            payload.length(),
            (int) crc.getValue(),
            type,
            0,
            0,
            group.bytes(),
            offset,
            0,
            0,
            0,
            micros,
            dictionaryId,
            payload.length(),
            0),
        Bytes.EMPTY,
        payload);
  }

  /// Puts an append, behind its dictionary where the segment has none yet; notes in it where it
  /// stands.
  void append(PendingAppend append, long offset, long micros) {
    LogEntry entry = append.entry();
    if (!entry.dictionary().isEmpty() && !hasDictionary(entry.dictionaryId())) {
      groupDictionaries.put(entry.dictionaryId(), position + group.bytes());
      own(FrameType.CONTROL, offset, micros, entry.dictionaryId(), entry.dictionary());
    }
    if (FrameHeader.isDictionary(entry.type(), entry.dictionaryId())) {
      groupDictionaries.put(entry.dictionaryId(), position + group.bytes());
    }
    append.placedAt(offset, position + group.bytes());
    put(
        new FrameHeader(
            entry.bodyBytes(),
            append.bodyCrc(),
            entry.type(),
            entry.codec(),
            entry.flags(),
            group.bytes(),
            offset,
            entry.count(),
            entry.lane(),
            entry.laneSequence(),
            micros,
            entry.dictionaryId(),
            entry.rawLength(),
            entry.header().length()),
        entry.header(),
        entry.payload());
    lastMicros = micros;
  }

  private boolean hasDictionary(int id) {
    return groupDictionaries.containsKey(id) || index.dictionaryAt(id) >= 0;
  }

  private void put(FrameHeader header, Bytes head, Bytes payload) {
    ByteBuffer target = group.withRoom(header.frameBytes());
    int end = target.position() + header.frameBytes();
    codec.encode(header, position + target.position(), target);
    head.copyTo(target);
    payload.copyTo(target);
    while (target.position() < end) {
      target.put((byte) 0);
    }
  }

  /// Puts a frame of nothing behind a group that is worth writing past the page cache, so that the
  /// next one begins with a block: then each is one write of whole blocks, and the fsync finds
  /// nothing else to write.
  ///
  /// @param maxEnd a position not to go beyond
  void fillBlock(long offset, long micros, long maxEnd) {
    long end = position + group.bytes();
    long gap = DirectWrites.lead(end);
    if (gap > 0 && gap < Layout.FRAME_HEADER_BYTES) {
      gap += DirectWrites.BLOCK_BYTES;
    }
    if (gap > 0 && group.bytes() >= DirectWrites.MIN_BYTES && end + gap <= maxEnd) {
      own(
          FrameType.PAD,
          offset,
          micros,
          Bytes.wrap(NOTHING, 0, (int) gap - Layout.FRAME_HEADER_BYTES));
    }
  }

  /// Puts zeros up to a position of the segment, so that the next groups overwrite blocks.
  void zerosUpTo(long end) {
    int count = (int) Math.max(0, end - position - group.bytes());
    ByteBuffer target = group.withRoom(count);
    for (int i = 0; i < count / 8; i++) {
      target.putLong(0);
    }
  }

  /// Writes the group and makes it durable. Nothing is counted yet.
  void write() throws IOException {
    file.write(new ByteBuffer[] {group.content()}, position);
    file.force();
  }

  /// Counts the frames of a group that became durable, `bytes` of them.
  void committed(List<PendingAppend> appends, long bytes) {
    for (PendingAppend append : appends) {
      if (append.entry().type() == FrameType.DATA) {
        index.add(
            append.baseOffset(),
            append.entry().count(),
            append.position(),
            lastMicros,
            append.topics());
      }
    }
    groupDictionaries.forEach(index::addDictionary);
    groupDictionaries.clear();
    position += bytes;
  }

  /// The bytes of the group so far.
  int groupBytes() {
    return group.bytes();
  }

  /// Ends the segment: writes its footer and gives back what it did not use.
  ///
  /// @return the footer's chain value
  int seal(long endOffset, long micros, int previousChain) throws IOException {
    SegmentFooter footer = index.build(endOffset, List.of());
    return sealAt(log, segment, file, footer, position, micros, previousChain);
  }

  /// Ends a segment at a position: SEAL frame, trailer, and the file's end.
  static int sealAt(
      UUID log,
      Segment segment,
      DiskFile file,
      SegmentFooter footer,
      long position,
      long micros,
      int previousChain)
      throws IOException {
    byte[] body = footer.encode(previousChain);
    SegmentWriter writer = new SegmentWriter(log, segment, file, new GroupBuffer(), 0);
    writer.position = position;
    writer.begin();
    writer.own(FrameType.SEAL, footer.endOffset, micros, Bytes.wrap(body));
    SegmentIndexes.encodeTrailer(
        log, segment.number(), position, writer.group.withRoom(Layout.TRAILER_BYTES));
    long end = position + writer.groupBytes();
    file.write(new ByteBuffer[] {writer.group.content()}, position);
    file.truncate(end);
    file.force();
    segment.ended(position, end, footer.lastMicros);
    return SegmentFooter.chain(body);
  }

  /// Leaves the segment as it is, without touching the disk.
  void leave() {
    segment.ended(position, allocatedBytes(), lastMicros);
    file.close();
  }

  void close() {
    file.close();
  }
}
