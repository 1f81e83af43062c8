package dev.weir.log;

import dev.weir.base.Bytes;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Reads from the tail cache while it can and from segments otherwise, over damage and removal.
///
/// The place is (segment, position); the next offset is kept beside it, and a gap is told whenever
/// a frame begins after that offset, whatever the reason was that something is missing. Never goes
/// beyond the durable end that it read at the start of a turn.
final class SegmentedReader implements LogReader {
  private static final Set<FrameType> DELIVERED =
      EnumSet.of(FrameType.DATA, FrameType.CONTROL, FrameType.LOSS);
  private static final Set<FrameType> EVERYTHING =
      EnumSet.of(FrameType.DATA, FrameType.CONTROL, FrameType.LOSS, FrameType.SNAP, FrameType.HOLE);
  private static final long NOT_CACHED = -1;

  private final LogState state;
  private final Set<FrameType> types;
  private final @Nullable Predicate<String> filter;
  private final Chunk chunk = new Chunk();
  private long offset;
  private @Nullable Segment segment;
  private long position;
  private long cached = NOT_CACHED;
  private @Nullable SegmentFrames frames;
  private @Nullable TopicBlocks blocks;

  private SegmentedReader(
      LogState state, Set<FrameType> types, @Nullable Predicate<String> filter, long offset) {
    this.state = state;
    this.types = types;
    this.filter = filter;
    this.offset = offset;
  }

  /// What subscribers and uplinks read.
  static SegmentedReader deliveries(LogState state, long offset) {
    return new SegmentedReader(state, DELIVERED, null, offset);
  }

  /// Messages of some topics only.
  static SegmentedReader topics(LogState state, long offset, Predicate<String> filter) {
    return new SegmentedReader(state, EnumSet.of(FrameType.DATA), filter, offset);
  }

  /// Everything from a frame on.
  static SegmentedReader everything(LogState state, Segment from, long position) {
    SegmentedReader reader = new SegmentedReader(state, EVERYTHING, null, from.baseOffset());
    reader.segment = from;
    reader.position = position;
    return reader;
  }

  @Override
  public @Nullable LogEvent next() throws IOException {
    while (true) {
      Durable durable = state.durable();
      Segment current = segment;
      @Nullable LogEvent event;
      if (current == null) {
        event = locate(durable);
        if (event == null && segment == null) {
          return null; // an empty log
        }
      } else if (cached != NOT_CACHED && state.cache.at(cached) != null) {
        event = take(current);
      } else {
        boolean isLast = current == durable.segment();
        if (!isLast && current.activeIndex() != null) {
          return null; // begun, and in the catalog, but its first group is not published yet
        }
        long limit = isLast ? durable.position() : endOf(current);
        if (segment == null || position < limit) {
          event = segment == null ? null : read(current, limit, isLast);
        } else if (isLast) {
          event = gapTo(durable.offset());
          if (event == null) {
            rest();
            return null; // caught up
          }
        } else {
          event = advance(current);
        }
      }
      if (event != null) {
        return event;
      }
    }
  }

  /// Places the reader at its offset.
  private LogEvent.@Nullable Gap locate(Durable durable) throws IOException {
    long first = state.firstOffset();
    if (offset < first) {
      return gap(first, GapReason.RETENTION);
    }
    if (offset > durable.offset() || (offset == durable.offset() && filter != null)) {
      segment = durable.segment();
      position = durable.position();
      return null;
    }
    // Frames without messages stand between offsets: those right before the first message belong
    // to the reader as well, so it starts behind the message before.
    @Nullable Segment found = state.catalog.holding(offset - 1);
    if (found == null) {
      return null;
    }
    try {
      position = positionIn(found);
      segment = found;
    } catch (NoSuchFileException e) {
      return missing(found, e);
    }
    return null;
  }

  private long positionIn(Segment found) throws IOException {
    long start = Layout.SEGMENT_HEADER_BYTES;
    @Nullable IndexBuilder growing = found.activeIndex();
    if (growing != null) {
      return growing.positionBefore(offset - 1, start);
    }
    SegmentFooter footer = state.indexes.of(found);
    int block = footer.blockOfOffset(offset - 1);
    return block < 0 ? start : footer.blockPosition(block);
  }

  /// A segment whose file is not there: removed by retention, or by someone else.
  private LogEvent.@Nullable Gap missing(Segment gone, NoSuchFileException cause)
      throws IOException {
    leave();
    long first = state.firstOffset();
    if (offset < first) {
      return gap(first, GapReason.RETENTION);
    }
    @Nullable Segment next = state.catalog.after(gone.number());
    if (next == null) {
      throw cause;
    }
    segment = next;
    position = Layout.SEGMENT_HEADER_BYTES;
    return gapTo(next.baseOffset());
  }

  private long endOf(Segment current) throws IOException {
    try {
      return state.indexes.endOf(current);
    } catch (NoSuchFileException _) {
      leave();
      return 0;
    }
  }

  private @Nullable LogEvent take(Segment current) {
    TailCache.@Nullable Place place = state.cache.at(cached);
    if (place == null) {
      return null; // evicted just now
    }
    LogEvent.Frame frame = place.frame();
    boolean isBehind = isBehind(frame.type(), frame.endOffset());
    LogEvent.@Nullable Gap gap = isBehind ? null : gapTo(frame.baseOffset());
    if (gap != null) {
      return gap;
    }
    if (place.segment() != current.number()) {
      leaveFile();
      segment = state.catalog.after(place.segment() - 1);
    }
    position = place.nextPosition();
    cached = place.number() + 1;
    chunk.clear();
    if (isBehind) {
      return null;
    }
    offset = Math.max(offset, frame.endOffset());
    return types.contains(frame.type()) && isWanted(place.topics()) ? frame : null;
  }

  /// Frames before the start offset, which the block that holds it begins with.
  private boolean isBehind(FrameType type, long endOffset) {
    return type == FrameType.DATA ? endOffset <= offset : endOffset < offset;
  }

  private boolean isWanted(List<String> topics) {
    if (filter == null) {
      return true;
    }
    for (String topic : topics) {
      if (filter.test(topic)) {
        return true;
      }
    }
    return false;
  }

  private LogEvent.@Nullable Gap advance(Segment current) {
    @Nullable Segment next = state.catalog.after(current.number());
    leave();
    if (next == null) {
      return null; // removed meanwhile: placed anew by offset
    }
    segment = next;
    position = Layout.SEGMENT_HEADER_BYTES;
    return gapTo(next.baseOffset());
  }

  private LogEvent.@Nullable Gap gapTo(long nextOffset) {
    return nextOffset <= offset
        ? null
        : gap(
            nextOffset,
            offset < state.firstOffset() && nextOffset <= state.firstOffset()
                ? GapReason.RETENTION
                : GapReason.DAMAGE);
  }

  private LogEvent.Gap gap(long nextOffset, GapReason reason) {
    LogEvent.Gap gap = new LogEvent.Gap(offset, nextOffset, reason);
    offset = nextOffset;
    return gap;
  }

  /// Reads at the position; null when there was nothing to deliver there.
  private @Nullable LogEvent read(Segment current, long limit, boolean isLast) throws IOException {
    if (!chunk.holds(position, Layout.FRAME_HEADER_BYTES)) {
      cached =
          types.contains(FrameType.SNAP)
              ? NOT_CACHED
              : state.cache.find(current.number(), position);
      if (cached != NOT_CACHED && state.cache.at(cached) != null) {
        leaveFile();
        return null;
      }
      cached = NOT_CACHED;
      if (filter != null && !isLast && skipBlocks(current, filter, limit)) {
        return null;
      }
    }
    @Nullable SegmentFrames open = open(current);
    if (open == null) {
      return null;
    }
    @Nullable FrameHeader header = open.headerAt(position, limit);
    if (header == null) {
      resync(open, current, position + Layout.ALIGNMENT, limit);
      return null;
    }
    if (isForeign(current, header, isLast)) {
      position = limit;
      return null;
    }
    return deliver(open, current, header, limit);
  }

  /// Frames that a failed group left behind and that the next segment has again.
  private boolean isForeign(Segment current, FrameHeader header, boolean isLast) {
    if (isLast) {
      return false;
    }
    @Nullable Segment next = state.catalog.after(current.number());
    return next != null && header.endOffset() > next.baseOffset();
  }

  private @Nullable LogEvent deliver(
      SegmentFrames open, Segment current, FrameHeader header, long limit) throws IOException {
    LogEvent.@Nullable Frame frame = null;
    if (!isBehind(header.type(), header.endOffset())) {
      LogEvent.@Nullable Gap gap = gapTo(header.baseOffset());
      if (gap != null) {
        return gap;
      }
      if (types.contains(header.type())) {
        frame = open.frameAt(header, position, limit);
        if (frame == null) {
          resync(open, current, position + header.frameBytes(), limit);
          return null;
        }
      }
      offset = Math.max(offset, header.endOffset());
    }
    position += header.frameBytes();
    return frame != null && isWanted(topicsOf(frame)) ? frame : null;
  }

  private List<String> topicsOf(LogEvent.Frame frame) {
    if (filter == null) {
      return List.of();
    }
    List<String> topics = new ArrayList<>(1);
    state.config.topics().extract(frame.header(), topics::add);
    return topics;
  }

  /// Goes to the next whole frame after damage; what was lost shows as a gap when it is met.
  private void resync(SegmentFrames open, Segment current, long searchFrom, long limit)
      throws IOException {
    SegmentFrames.@Nullable Found found = open.search(searchFrom, limit);
    long to = found == null ? limit : found.position();
    long toOffset = found == null ? endOffsetOf(current) : found.offset();
    state.foundHoles.add(
        new Hole(current.number(), position, to, offset, Math.max(offset, toOffset)));
    position = to;
    chunk.clear();
  }

  private long endOffsetOf(Segment current) {
    @Nullable Segment next = state.catalog.after(current.number());
    return next == null ? state.durable().offset() : next.baseOffset();
  }

  private boolean skipBlocks(Segment current, Predicate<String> wanted, long limit)
      throws IOException {
    TopicBlocks known = blocks;
    if (known == null || known.segment() != current.number()) {
      SegmentFooter footer = state.indexes.of(current);
      known = new TopicBlocks(current.number(), footer, footer.blocksWith(wanted));
      blocks = known;
    }
    long to = known.nextWanted(position, limit);
    if (to == position) {
      return false;
    }
    position = to;
    offset = Math.max(offset, known.offsetAt(to, endOffsetOf(current)));
    chunk.clear();
    return true;
  }

  private @Nullable SegmentFrames open(Segment current) throws IOException {
    if (frames == null) {
      try {
        frames = SegmentFrames.open(state, current, chunk);
      } catch (NoSuchFileException _) {
        leave();
      }
    }
    return frames;
  }

  /// Caught up: holds nothing but its place.
  private void rest() {
    chunk.clear();
    leaveFile();
  }

  private void leave() {
    leaveFile();
    segment = null;
    chunk.clear();
    cached = NOT_CACHED;
  }

  private void leaveFile() {
    if (frames != null) {
      frames.close();
      frames = null;
    }
  }

  @Override
  public Bytes dictionary(int id) throws IOException {
    return SegmentDictionaries.find(state, segment, id);
  }

  @Override
  public long position() {
    return offset;
  }

  @Override
  public void park() {
    rest();
    blocks = null;
  }

  @Override
  public void close() {
    leave();
  }
}
