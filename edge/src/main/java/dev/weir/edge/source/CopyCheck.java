package dev.weir.edge.source;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Tells a new log from the copy that `copytruncate` makes of one that is being followed.
///
/// Problem: with a pattern such as `app.log*` the copy `app.log.1` is a new file with old content:
/// reading it doubles everything. But its last lines may have been written after our last look and
/// before the cut, and then they are nowhere else. Idea: a file whose name begins with a followed
/// one's, and which holds the same first 256 bytes and the same 64 bytes before the place that was
/// reached there, is its copy; it is read from that place. While such a file is still shorter than
/// that it may be a copy in the making, and is left alone until it has not grown for ten seconds.
/// In doubt a file is new: a duplicate, not a loss.
final class CopyCheck {
  private static final long SETTLE_NANOS = Duration.ofSeconds(10).toNanos();

  private final Map<FileIdentity, Candidate> candidates = new HashMap<>();

  private record Candidate(long size, long sinceNanos) {}

  /// Where a file begins.
  sealed interface Verdict {
    record StartAt(long offset, int part) implements Verdict {}

    record Undecided() implements Verdict {}
  }

  Verdict examine(TailedFile file, Collection<TailedFile> followed, long nowNanos)
      throws IOException {
    boolean mayBecomeCopy = false;
    for (TailedFile original : followed) {
      if (!isNamedAfter(file.path(), original.path())) {
        continue;
      }
      Optional<FilePosition> before = original.previous();
      if (before.isPresent() && isCopy(file, before.get())) {
        return decided(file, before.get().offset(), before.get().part());
      }
      FilePosition now = original.readPosition();
      if (isCopy(file, now)) {
        return decided(file, now.offset(), now.part());
      }
      long target = Math.max(now.offset(), before.map(FilePosition::offset).orElse(0L));
      mayBecomeCopy |= file.channel().size() < target && original.mayBeginAs(file);
    }
    if (mayBecomeCopy && !hasSettled(file, nowNanos)) {
      return new Verdict.Undecided();
    }
    return decided(file, 0, 0);
  }

  private Verdict decided(TailedFile file, long offset, int part) {
    candidates.remove(file.identity());
    return new Verdict.StartAt(offset, part);
  }

  private static boolean isNamedAfter(Path copy, Path original) {
    String name = String.valueOf(copy.getFileName());
    return !copy.equals(original) && name.startsWith(String.valueOf(original.getFileName()));
  }

  private static boolean isCopy(TailedFile file, FilePosition position) throws IOException {
    return position.fingerprintBytes() == FileContent.FINGERPRINT_BYTES
        && FileContent.matches(file.channel(), position);
  }

  private boolean hasSettled(TailedFile file, long nowNanos) throws IOException {
    long size = file.channel().size();
    Candidate before = candidates.get(file.identity());
    if (before == null || before.size() != size) {
      candidates.put(file.identity(), new Candidate(size, nowNanos));
      return false;
    }
    return nowNanos - before.sinceNanos() >= SETTLE_NANOS;
  }
}
