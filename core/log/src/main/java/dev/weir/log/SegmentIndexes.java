package dev.weir.log;

import dev.weir.base.Bytes;
import dev.weir.base.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Finds the indexes of segments that are no longer written, keeps the latest ones used, and builds
/// those that are missing from the frames. Any thread.
///
/// ```
/// end of a complete segment    … SEAL frame │ sealPosition u64 │ "WEIRSEAL" u64 │ segment u32 │ crc u32 │
/// ```
final class SegmentIndexes {
  /// "WEIRSEAL", little-endian.
  private static final long TRAILER_MAGIC = 0x4C41455352494557L;

  /// An index takes some 30 KiB; this many serve a handful of readers at different places.
  private static final int KEPT = 32;

  private final UUID log;
  private final SegmentCatalog catalog;
  private final TopicExtractor topics;
  private final Map<Long, SegmentFooter> kept =
      new LinkedHashMap<>(KEPT, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, SegmentFooter> eldest) {
          return size() > KEPT;
        }
      };

  SegmentIndexes(UUID log, SegmentCatalog catalog, TopicExtractor topics) {
    this.log = log;
    this.catalog = catalog;
    this.topics = topics;
  }

  /// A footer with the place where it begins, which is where the segment's frames end.
  record Sealed(SegmentFooter footer, int chain, long position) {}

  /// The index of a segment that is not the active one; tells the segment what it learned.
  SegmentFooter of(Segment segment) throws IOException {
    synchronized (kept) {
      @Nullable SegmentFooter known = kept.get(segment.number());
      if (known != null) {
        return known;
      }
    }
    DiskFile file = segment.acquire();
    try {
      SegmentFooter footer = load(segment, file);
      keep(segment, footer);
      return footer;
    } finally {
      segment.release();
    }
  }

  /// Where the frames of a segment end that is not the active one.
  long endOf(Segment segment) throws IOException {
    if (segment.endPosition() == Segment.UNKNOWN) {
      var _ = of(segment);
    }
    return segment.endPosition();
  }

  void keep(Segment segment, SegmentFooter footer) {
    synchronized (kept) {
      kept.put(segment.number(), footer);
    }
  }

  void forget(Segment segment) {
    synchronized (kept) {
      kept.remove(segment.number());
    }
  }

  private SegmentFooter load(Segment segment, DiskFile file) throws IOException {
    long size = file.size();
    @Nullable Sealed sealed = readSeal(log, segment.number(), file, size);
    if (sealed != null) {
      segment.ended(sealed.position(), size, sealed.footer().lastMicros);
      return sealed.footer();
    }
    @Nullable Segment next = catalog.after(segment.number());
    long limit = segment.endPosition();
    if (limit == Segment.UNKNOWN) {
      limit = next == null ? size : Math.min(size, endAsNextSays(segment, next, size));
    }
    long endOffset = next == null ? Long.MAX_VALUE : next.baseOffset();
    IndexBuilder index = new IndexBuilder(segment.baseOffset());
    FrameScan scan = new FrameScan(file, new FrameCodec(log, segment.number()), limit);
    long end = rebuild(scan, endOffset, index);
    SegmentFooter footer = index.build(segment.baseOffset(), List.of());
    segment.ended(end, size, footer.lastMicros);
    return footer;
  }

  private static long endAsNextSays(Segment segment, Segment next, long otherwise)
      throws IOException {
    byte[] page = new byte[Layout.SEGMENT_HEADER_BYTES];
    DiskFile file = next.acquire();
    try {
      TolerantRead.read(file, page, 0, page.length, 0);
    } finally {
      next.release();
    }
    @Nullable SegmentHeader header = SegmentHeader.decode(page);
    return header != null && header.previousNumber() == segment.number()
        ? header.previousEnd()
        : otherwise;
  }

  /// Indexes every whole frame below the given offset; returns where they end.
  private long rebuild(FrameScan scan, long endOffset, IndexBuilder index) throws IOException {
    long position = scan.nextFrame(Layout.SEGMENT_HEADER_BYTES);
    long end = Layout.SEGMENT_HEADER_BYTES;
    while (position >= 0) {
      @Nullable FrameHeader header = scan.headerAt(position);
      if (header == null || header.type() == FrameType.SEAL || header.endOffset() > endOffset) {
        return end;
      }
      if (header.type() == FrameType.DATA) {
        index.add(
            header.baseOffset(),
            header.count(),
            position,
            header.timestampMicros(),
            topicsOf(topics, scan.head(header, position)));
      }
      if (header.isDictionary()) {
        index.addDictionary(header.dictionaryId(), position);
      }
      end = position + header.frameBytes();
      position = scan.nextFrame(end);
    }
    return end;
  }

  static List<String> topicsOf(TopicExtractor topics, Bytes head) {
    List<String> found = new ArrayList<>(2);
    topics.extract(head, found::add);
    return found;
  }

  /// The trailer that ends a complete segment.
  static void encodeTrailer(UUID log, long segment, long sealPosition, ByteBuffer target) {
    byte[] trailer = new byte[Layout.TRAILER_BYTES];
    ByteBuffer view = ByteBuffer.wrap(trailer).order(ByteOrder.LITTLE_ENDIAN);
    view.putLong(0, sealPosition).putLong(8, TRAILER_MAGIC).putInt(16, (int) segment);
    view.putInt(20, trailerCrc(log, trailer));
    target.put(trailer);
  }

  /// The footer of a complete segment, null when the segment is not complete or its end is damaged.
  static @Nullable Sealed readSeal(UUID log, long segment, DiskFile file, long size)
      throws IOException {
    if (size < Layout.SEGMENT_HEADER_BYTES + Layout.TRAILER_BYTES) {
      return null;
    }
    byte[] trailer = new byte[Layout.TRAILER_BYTES];
    TolerantRead.read(file, trailer, 0, trailer.length, size - Layout.TRAILER_BYTES);
    ByteBuffer view = ByteBuffer.wrap(trailer).order(ByteOrder.LITTLE_ENDIAN);
    long position = view.getLong(0);
    if (view.getLong(8) != TRAILER_MAGIC
        || view.getInt(16) != (int) segment
        || view.getInt(20) != trailerCrc(log, trailer)
        || position < Layout.SEGMENT_HEADER_BYTES
        || position >= size) {
      return null;
    }
    FrameScan scan = new FrameScan(file, new FrameCodec(log, segment), size - Layout.TRAILER_BYTES);
    @Nullable FrameHeader header = scan.headerAt(position);
    if (header == null || header.type() != FrameType.SEAL || !scan.isBodyIntact(header, position)) {
      return null;
    }
    byte[] body = scan.body(header, position);
    @Nullable SegmentFooter footer = SegmentFooter.decode(body, segment);
    return footer == null ? null : new Sealed(footer, SegmentFooter.chain(body), position);
  }

  private static int trailerCrc(UUID log, byte[] trailer) {
    CRC32C crc = new CRC32C();
    ByteBuffer salt = ByteBuffer.allocate(16);
    salt.putLong(log.getMostSignificantBits()).putLong(log.getLeastSignificantBits());
    crc.update(salt.flip());
    crc.update(trailer, 0, 20);
    return (int) crc.getValue();
  }
}
