package dev.weir.log;

import dev.weir.base.disk.Disk;
import dev.weir.base.disk.DiskFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads a whole log directory and checks every byte, changing nothing. For a log that is closed,
/// or a copy; of one in use the newest segment may look unfinished, and segments that retention
/// lets go meanwhile are left out.
public final class LogVerifier {
  private final Disk disk;
  private final Path directory;
  private @Nullable UUID log;
  private long expectedOffset = -1;
  private int previousChain;
  private boolean isChainKnown;

  private LogVerifier(Disk disk, Path directory) {
    this.disk = disk;
    this.directory = directory;
  }

  /// @param progress told each segment's report as it is ready
  /// @throws IOException when the directory or a file cannot be opened
  public static VerifyReport verify(
      Disk disk, Path directory, Consumer<VerifyReport.SegmentReport> progress) throws IOException {
    return new LogVerifier(disk, directory).run(progress);
  }

  private VerifyReport run(Consumer<VerifyReport.SegmentReport> progress) throws IOException {
    CursorFile checkpointFile = Checkpoint.openForRead(disk, directory);
    Optional<Checkpoint> checkpoint = Checkpoint.load(checkpointFile);
    checkpointFile.close();
    long low = checkpoint.map(Checkpoint::lowNumber).orElse(0L);
    log = checkpoint.map(Checkpoint::log).orElse(null);
    List<SegmentName> names =
        disk.list(directory).stream()
            .flatMap(fileName -> SegmentName.parse(fileName).stream())
            .filter(name -> name.number() >= low)
            .toList();
    findId(names);
    List<VerifyReport.SegmentReport> reports = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      @Nullable SegmentName next = i + 1 < names.size() ? names.get(i + 1) : null;
      VerifyReport.@Nullable SegmentReport report = check(names.get(i), next, checkpoint);
      if (report == null) {
        expectedOffset = -1;
        isChainKnown = false;
      } else {
        progress.accept(report);
        reports.add(report);
      }
    }
    long first = names.isEmpty() ? 0 : names.getFirst().baseOffset();
    return new VerifyReport(reports, first, Math.max(first, expectedOffset));
  }

  /// Any whole header tells the log's id, which the first one may have lost.
  private void findId(List<SegmentName> names) throws IOException {
    for (int i = 0; i < names.size() && log == null; i++) {
      try (DiskFile file = disk.openForRead(directory.resolve(names.get(i).fileName()))) {
        @Nullable SegmentHeader header = headerOf(file);
        log = header == null ? null : header.log();
      }
    }
  }

  /// @return null when the log let go of the segment meanwhile
  private VerifyReport.@Nullable SegmentReport check(
      SegmentName name, @Nullable SegmentName next, Optional<Checkpoint> checkpoint)
      throws IOException {
    Segment segment = new Segment(disk, directory, name);
    try (DiskFile file = disk.openForRead(segment.path())) {
      @Nullable SegmentHeader header = headerOf(file);
      if (header != null) {
        log = header.log();
      }
      UUID id = log == null ? new UUID(0, 0) : log;
      long size = file.size();
      SegmentIndexes.@Nullable Sealed sealed =
          SegmentIndexes.readSeal(id, name.number(), file, size);
      long limit = sealed != null ? sealed.position() : endAsNextSays(name, next, size);
      FrameScan scan = new FrameScan(file, new FrameCodec(id, name.number()), limit);
      Optional<Checkpoint> bound =
          sealed != null || next != null
              ? Optional.of(new Checkpoint(id, name.number(), limit, endOffset(sealed, next), 0))
              : checkpoint.filter(c -> c.segment() == name.number());
      TailScan tail = new TailScan(scan, segment, bound, TopicExtractor.NONE);
      tail.run(header != null && header.number() == name.number());
      // What was read of a file that has another name now may be the next segment's.
      return isListed(name)
          ? report(name, segment, tail, sealed, size, chainProblem(header, sealed))
          : null;
    } catch (NoSuchFileException e) {
      if (isListed(name)) {
        throw e;
      }
      return null;
    }
  }

  private boolean isListed(SegmentName name) throws IOException {
    return disk.list(directory).contains(name.fileName());
  }

  private static long endOffset(
      SegmentIndexes.@Nullable Sealed sealed, @Nullable SegmentName next) {
    if (sealed != null) {
      return sealed.footer().endOffset;
    }
    return next == null ? 0 : next.baseOffset();
  }

  private VerifyReport.SegmentReport report(
      SegmentName name,
      Segment segment,
      TailScan tail,
      SegmentIndexes.@Nullable Sealed sealed,
      long size,
      String problem) {
    long missingBefore = expectedOffset < 0 ? 0 : Math.max(0, name.baseOffset() - expectedOffset);
    long lost = missingBefore;
    for (Hole hole : tail.holes()) {
      lost += hole.toOffset() - hole.fromOffset();
    }
    SegmentFooter index = tail.index().build(segment.baseOffset(), List.of());
    expectedOffset = Math.max(expectedOffset, tail.offset());
    return new VerifyReport.SegmentReport(
        name.fileName(),
        name.number(),
        name.baseOffset(),
        tail.offset(),
        index.frames,
        tail.messages(),
        size,
        sealed != null,
        sealed != null ? 0 : size - tail.position(),
        tail.holes(),
        lost,
        index.dictionaries().size(),
        problem(missingBefore, tail.orphans(), problem));
  }

  private static String problem(long missingBefore, long orphans, String chainProblem) {
    if (missingBefore > 0) {
      return missingBefore + " messages are missing before it";
    }
    return orphans > 0 ? "the dictionary of " + orphans + " frames is not in it" : chainProblem;
  }

  /// A footer whose chain value does not follow from the one before it: the segment, or the one
  /// before it, was taken away or brought from elsewhere.
  private String chainProblem(
      @Nullable SegmentHeader header, SegmentIndexes.@Nullable Sealed sealed) {
    String problem = "";
    if (header != null && isChainKnown && header.previousSealCrc() != previousChain) {
      problem = "it does not follow from the segment before it";
    }
    isChainKnown = sealed != null;
    previousChain = sealed == null ? 0 : sealed.chain();
    return problem;
  }

  private long endAsNextSays(SegmentName name, @Nullable SegmentName next, long size)
      throws IOException {
    if (next == null) {
      return size;
    }
    try (DiskFile file = disk.openForRead(directory.resolve(next.fileName()))) {
      @Nullable SegmentHeader header = headerOf(file);
      return header != null && header.previousNumber() == name.number()
          ? Math.min(size, header.previousEnd())
          : size;
    }
  }

  private static @Nullable SegmentHeader headerOf(DiskFile file) throws IOException {
    byte[] page = new byte[Layout.SEGMENT_HEADER_BYTES];
    TolerantRead.read(file, page, 0, page.length, 0);
    return SegmentHeader.decode(page);
  }
}
