package dev.weir.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds where a segment that was not sealed ends, and what in it is damaged.
///
/// The problem: after a crash the last group may be there in part and in any order, and must be
/// cut; but a frame that cannot be read may also be an acknowledged one that rotted, and must never
/// be cut together with all that follows it. Both look the same where they are met. The idea: each
/// frame says where its flush group starts, and a group is only ever written after the one before
/// it was forced. So a later whole frame whose group starts *after* the damaged place proves that
/// the damaged place was durable once.
///
/// At the first frame `p` that is not whole:
///
/// | seen after p | meaning | done |
/// |---|---|---|
/// | no whole frame, p at or after the checkpoint | torn tail | cut at p |
/// | whole frames, all of groups that start at or before p | the same unacknowledged group, written
/// out of order | cut at p |
/// | a whole frame of a group that starts after p | acknowledged data is damaged | HOLE up to the
/// next whole frame, go on there |
/// | anything, p before the checkpoint | acknowledged data is damaged | HOLE, to the checkpoint at
/// least |
final class TailScan {
  private final FrameScan scan;
  private final Segment segment;
  private final Optional<Checkpoint> checkpoint;
  private final TopicExtractor topics;
  private final IndexBuilder index;
  private final List<Hole> holes = new ArrayList<>();
  private long position = Layout.SEGMENT_HEADER_BYTES;
  private long offset;
  private long lastMicros;
  private long orphans;
  private long messages;
  private boolean hasFrames;

  /// @param checkpoint the checkpoint when it speaks of this segment
  TailScan(
      FrameScan scan, Segment segment, Optional<Checkpoint> checkpoint, TopicExtractor topics) {
    this.scan = scan;
    this.segment = segment;
    this.checkpoint = checkpoint;
    this.topics = topics;
    this.index = new IndexBuilder(segment.baseOffset());
    this.offset = segment.baseOffset();
  }

  /// Walks to the end. A damaged segment header counts as a damaged frame at position 0.
  void run(boolean isHeaderWhole) throws IOException {
    if (!isHeaderWhole && !resume(0, Layout.SEGMENT_HEADER_BYTES)) {
      return;
    }
    while (true) {
      @Nullable FrameHeader header = scan.headerAt(position);
      if (header != null && header.baseOffset() >= offset && scan.isBodyIntact(header, position)) {
        if (header.type() == FrameType.SEAL) {
          return; // the footer is there, only the trailer is not
        }
        take(header);
      } else {
        long behind = header == null ? position + Layout.ALIGNMENT : position + header.frameBytes();
        if (!resume(position, behind)) {
          return;
        }
      }
    }
  }

  private void take(FrameHeader header) throws IOException {
    hasFrames = true;
    if (header.type() == FrameType.DATA) {
      List<String> names = SegmentIndexes.topicsOf(topics, scan.head(header, position));
      messages += header.count();
      index.add(header.baseOffset(), header.count(), position, header.timestampMicros(), names);
    }
    if (header.isDictionary()) {
      index.addDictionary(header.dictionaryId(), position);
    } else if (header.dictionaryId() != 0 && index.dictionaryAt(header.dictionaryId()) < 0) {
      orphans++;
    }
    offset = Math.max(offset, header.endOffset());
    lastMicros = Math.max(lastMicros, header.timestampMicros());
    position += header.frameBytes();
  }

  /// Decides about the damage at `p`; true when the walk goes on after a hole.
  private boolean resume(long p, long searchFrom) throws IOException {
    long durable = checkpoint.map(Checkpoint::position).orElse(0L);
    long next = scan.nextFrame(searchFrom);
    boolean wasDurable = p < durable;
    for (long at = next; at >= 0 && !wasDurable; ) {
      @Nullable FrameHeader header = scan.headerAt(at);
      if (header == null) {
        break;
      }
      wasDurable = at - header.groupBack() > p;
      at = scan.nextFrame(at + header.frameBytes());
    }
    if (!wasDurable) {
      position = Math.max(p, Layout.SEGMENT_HEADER_BYTES);
      return false;
    }
    if (next < 0) {
      return endWithHole(p, durable);
    }
    @Nullable FrameHeader header = scan.headerAt(next);
    long nextOffset = header == null ? offset : Math.max(offset, header.baseOffset());
    addHole(p, next, nextOffset);
    position = next;
    return true;
  }

  private boolean endWithHole(long p, long durable) {
    long end = Math.max(durable, Layout.SEGMENT_HEADER_BYTES);
    addHole(p, end, Math.max(offset, checkpoint.map(Checkpoint::offset).orElse(offset)));
    position = end;
    return false;
  }

  private void addHole(long from, long to, long toOffset) {
    holes.add(new Hole(segment.number(), from, to, offset, toOffset));
    offset = toOffset;
  }

  /// This segment is a copy: what the scan of the original found beside frames holds for it.
  void takeOver(TailScan original) {
    offset = Math.max(offset, original.offset);
    holes.addAll(original.holes);
  }

  /// Whether there is anything of the log in this segment.
  boolean isEmpty() {
    return !hasFrames && holes.isEmpty();
  }

  /// Where the segment's durable frames end.
  long position() {
    return position;
  }

  /// One after the last message.
  long offset() {
    return offset;
  }

  /// Messages in whole frames.
  long messages() {
    return messages;
  }

  /// Frames whose dictionary does not stand before them in the segment.
  long orphans() {
    return orphans;
  }

  long lastMicros() {
    return lastMicros;
  }

  List<Hole> holes() {
    return holes;
  }

  IndexBuilder index() {
    return index;
  }
}
