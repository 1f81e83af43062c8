package dev.weir.log;

import dev.weir.base.Clock;
import dev.weir.base.disk.Disk;
import dev.weir.base.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens what is in a log's directory: lists it, reads the checkpoint, and walks the newest segment
/// when it was not sealed. Sealed segments are not touched, so the time does not depend on how many
/// there are.
///
/// What it finds is forced before anyone may read it, because a process that was killed may have
/// left frames in memory that the disk does not have yet. The segment is then sealed and never
/// appended to again; the log goes on in a fresh one.
final class Recovery {
  private static final int REWRITE_BYTES = 256 << 10;
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

  private final LogConfig config;
  private final Disk disk;
  private final Clock clock;
  private final Path directory;
  private final long startNanos;
  private Optional<Checkpoint> checkpoint = Optional.empty();
  private long nextNumber;
  private long scannedBytes;
  private long cutBytes;
  private boolean wasClean = true;

  Recovery(LogConfig config, Disk disk, Clock clock) {
    this.config = config;
    this.disk = disk;
    this.clock = clock;
    this.directory = config.directory();
    this.startNanos = clock.nanoTime();
  }

  /// @throws IOException when the directory cannot be read or what was found cannot be made durable
  Recovered run(CursorFile checkpointFile) throws IOException {
    checkpoint = Checkpoint.load(checkpointFile);
    List<Segment> segments = list(checkpointFile);
    nextNumber =
        1 + Math.max(newestNumber(segments), checkpoint.map(Checkpoint::segment).orElse(0L));
    UUID log = idOf(segments);
    dropStillborn(segments);
    int found = segments.size();
    Newest newest = findNewest(log, segments);
    SegmentCatalog catalog = new SegmentCatalog(segments);
    SegmentIndexes indexes = new SegmentIndexes(log, catalog, config.topics());
    @Nullable Segment last = segments.isEmpty() ? null : segments.getLast();
    if (last != null && newest.footer() != null) {
      indexes.keep(last, newest.footer());
    }
    long offset = Math.max(newest.offset(), checkpoint.map(Checkpoint::offset).orElse(0L));
    List<Hole> holes = new ArrayList<>(newest.holes());
    if (last != null && offset > newest.offset()) {
      holes.add(
          new Hole(last.number(), newest.position(), newest.position(), newest.offset(), offset));
    }
    return new Recovered(
        log,
        catalog,
        indexes,
        new Durable(last, newest.position(), offset),
        nextNumber,
        newest.lastMicros(),
        last == null
            ? Recovered.Previous.NONE
            : new Recovered.Previous(last.number(), newest.position(), newest.chain()),
        holes,
        new RecoveryReport(
            found,
            scannedBytes,
            cutBytes,
            holes,
            wasClean,
            (clock.nanoTime() - startNanos) / 1_000));
  }

  /// How the newest segment ends.
  private record Newest(
      long position,
      long offset,
      long lastMicros,
      int chain,
      List<Hole> holes,
      @Nullable SegmentFooter footer) {}

  private List<Segment> list(CursorFile checkpointFile) throws IOException {
    long low = checkpoint.map(Checkpoint::lowNumber).orElse(0L);
    List<Segment> segments = new ArrayList<>();
    List<Path> removed = new ArrayList<>();
    for (String fileName : disk.list(directory)) {
      Optional<SegmentName> name = SegmentName.parse(fileName);
      if (SegmentName.isSpare(fileName)) {
        delete(directory.resolve(fileName));
      } else if (name.filter(n -> n.number() < low).isPresent()) {
        removed.add(directory.resolve(fileName));
      } else if (name.isPresent()) {
        segments.add(new Segment(disk, directory, name.get()));
      }
    }
    if (!removed.isEmpty() && isMarkDurable(checkpointFile)) {
      removed.forEach(this::delete);
    }
    return segments;
  }

  /// What was read may stand in memory only, after a force that failed: it is written once more
  /// before files go by its word. Without it the next start would take them for lost.
  private boolean isMarkDurable(CursorFile checkpointFile) {
    try {
      checkpoint.orElseThrow().store(checkpointFile);
      return true;
    } catch (IOException e) {
      LOG.warn("log {}: segments below the low-water mark stay", config.name(), e);
      return false;
    }
  }

  /// Clears away what is not part of the log. It may come back after a crash, or stay when the disk
  /// fails: the next start recognises it again.
  private void delete(Path path) {
    try {
      disk.delete(path);
    } catch (IOException e) {
      LOG.warn("log {}: {} stays", config.name(), path, e);
    }
  }

  private static long newestNumber(List<Segment> segments) {
    return segments.isEmpty() ? 0 : segments.getLast().number();
  }

  private UUID idOf(List<Segment> segments) throws IOException {
    for (Segment segment : segments.reversed()) {
      @Nullable SegmentHeader header = headerOf(segment);
      if (header != null) {
        return header.log();
      }
    }
    return checkpoint.map(Checkpoint::log).orElseGet(this::freshId);
  }

  /// The id only has to differ from those of other logs whose blocks this file system may hand out
  /// again, so time and place are random enough.
  private UUID freshId() {
    SplittableRandom random =
        new SplittableRandom(
            clock.epochMicros() * 31 + clock.nanoTime() + directory.toString().hashCode());
    return new UUID(random.nextLong(), random.nextLong());
  }

  private @Nullable SegmentHeader headerOf(Segment segment) throws IOException {
    byte[] page = new byte[Layout.SEGMENT_HEADER_BYTES];
    DiskFile file = segment.acquire();
    try {
      TolerantRead.read(file, page, 0, page.length, 0);
    } finally {
      segment.release();
    }
    @Nullable SegmentHeader header = SegmentHeader.decode(page);
    return header != null && header.number() == segment.number() ? header : null;
  }

  /// Removes segments that were begun and failed before their first group was durable: the next one
  /// begins at the same offset and does not follow from them.
  private void dropStillborn(List<Segment> segments) throws IOException {
    for (int i = segments.size() - 2; i >= 0; i--) {
      Segment candidate = segments.get(i);
      Segment next = segments.get(i + 1);
      if (candidate.baseOffset() != next.baseOffset()) {
        continue;
      }
      @Nullable SegmentHeader header = headerOf(next);
      if (header != null && header.previousNumber() < candidate.number()) {
        remove(segments, i);
      }
    }
  }

  private void remove(List<Segment> segments, int index) {
    delete(segments.remove(index).path());
  }

  /// Finds the end of the log; segments at the end in which nothing ever became durable are
  /// removed.
  private Newest findNewest(UUID log, List<Segment> segments) throws IOException {
    while (!segments.isEmpty()) {
      Segment segment = segments.getLast();
      DiskFile file = disk.open(segment.path());
      try {
        @Nullable Newest newest = examine(log, segments, file);
        if (newest != null) {
          return newest;
        }
      } finally {
        file.close();
      }
      remove(segments, segments.size() - 1);
    }
    long offset = checkpoint.map(Checkpoint::offset).orElse(0L);
    return new Newest(0, offset, 0, 0, List.of(), null);
  }

  private @Nullable Newest examine(UUID log, List<Segment> segments, DiskFile file)
      throws IOException {
    Segment segment = segments.getLast();
    long size = file.size();
    SegmentIndexes.@Nullable Sealed sealed =
        SegmentIndexes.readSeal(log, segment.number(), file, size);
    if (sealed != null) {
      SegmentFooter footer = sealed.footer();
      segment.ended(sealed.position(), size, footer.lastMicros);
      return new Newest(
          sealed.position(),
          footer.endOffset,
          footer.lastMicros,
          sealed.chain(),
          footer.holes(),
          footer);
    }
    wasClean = false;
    FrameScan scan = new FrameScan(file, new FrameCodec(log, segment.number()), size);
    TailScan tail =
        new TailScan(
            scan,
            segment,
            checkpoint.filter(c -> c.segment() == segment.number()),
            config.topics());
    tail.run(headerOf(segment) != null);
    scannedBytes += scan.readBytes();
    if (tail.isEmpty()) {
      return null;
    }
    cutBytes += Math.max(0, size - tail.position());
    DamageCopies.copyAll(disk, directory, segment, tail.holes());
    try {
      makeDurable(file, segment, tail.position());
    } catch (IOException e) {
      LOG.error(
          "log {}: segment {} takes no writes, it is copied", config.name(), segment.number(), e);
      return rescue(log, segments, scan, tail);
    }
    return seal(log, segment, file, tail, size);
  }

  /// Moves what was found to a fresh segment, because it cannot be made durable where it is.
  private Newest rescue(UUID log, List<Segment> segments, FrameScan scan, TailScan tail)
      throws IOException {
    Segment broken = segments.removeLast();
    @Nullable SegmentHeader old = headerOf(broken);
    SegmentHeader header =
        new SegmentHeader(
            log,
            nextNumber++,
            broken.baseOffset(),
            old == null ? newestNumber(segments) : old.previousNumber(),
            old == null ? Long.MAX_VALUE : old.previousEnd(),
            clock.epochMicros(),
            old == null ? 0 : old.previousSealCrc());
    Segment copy = new SegmentRescue(config, disk).copy(scan, header, tail.position());
    segments.add(copy);
    delete(broken.path());
    try (DiskFile file = disk.open(copy.path())) {
      FrameScan copied = new FrameScan(file, new FrameCodec(log, copy.number()), file.size());
      TailScan moved = new TailScan(copied, copy, Optional.empty(), config.topics());
      moved.run(true);
      moved.takeOver(tail);
      return seal(log, copy, file, moved, file.size());
    }
  }

  /// Makes the segment complete if the disk lets it; it is durable already.
  private Newest seal(UUID log, Segment segment, DiskFile file, TailScan tail, long size)
      throws IOException {
    SegmentFooter footer = tail.index().build(tail.offset(), tail.holes());
    int chain = 0;
    try {
      chain =
          SegmentWriter.sealAt(
              log,
              segment,
              file,
              footer,
              tail.position(),
              tail.lastMicros(),
              previousChain(segment));
    } catch (IOException e) {
      LOG.warn("log {}: segment {} stays unsealed", config.name(), segment.number(), e);
      segment.ended(tail.position(), size, tail.lastMicros());
    }
    return new Newest(
        tail.position(), tail.offset(), tail.lastMicros(), chain, tail.holes(), footer);
  }

  /// Writes what the checkpoint does not vouch for once more, in place, and forces it. A plain
  /// force could lie: after a failed one the kernel takes its pages for clean, and the next process
  /// reads from memory what the disk never got.
  private void makeDurable(DiskFile file, Segment segment, long end) throws IOException {
    byte[] bytes = new byte[REWRITE_BYTES];
    long at =
        checkpoint
            .filter(c -> c.segment() == segment.number())
            .map(Checkpoint::position)
            .orElse(0L);
    while (at < end) {
      int count = TolerantRead.read(file, bytes, 0, (int) Math.min(bytes.length, end - at), at);
      if (count <= 0) {
        break;
      }
      file.write(new ByteBuffer[] {ByteBuffer.wrap(bytes, 0, count)}, at);
      at += count;
    }
    file.force();
    disk.forceDirectory(directory);
  }

  private int previousChain(Segment segment) throws IOException {
    @Nullable SegmentHeader header = headerOf(segment);
    return header == null ? 0 : header.previousSealCrc();
  }
}
