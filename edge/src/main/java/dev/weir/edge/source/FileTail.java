package dev.weir.edge.source;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Follows every file that some patterns name. Stepped by one thread, by hand in tests.
///
/// Problem: names move. Between two looks a file may be renamed, deleted, copied and cut, replaced,
/// and all of that may happen while no process runs. Idea: a file is its (device, inode) and what
/// it begins with; names only lead to it. Files are found by name once a second, held open, and
/// read to their end whatever becomes of the name. Places come back from the spool, where they
/// stand in the same frames as the lines. Invariant: a file that cannot be recognised for certain
/// is read from its beginning: doubt costs a duplicate, never a loss.
final class FileTail implements AutoCloseable {
  /// How often names are looked up; a rotation is seen this late, which loses nothing as the old
  /// file stays open.
  private static final long SCAN_NANOS = Duration.ofSeconds(1).toNanos();

  private final FileConfig config;
  private final Clock clock;
  private final TailedFile.DeliverySink sink;
  private final List<Glob> globs;
  private final FileSystem fileSystem;
  private final String prefix;
  private final Map<String, FilePosition> known = new HashMap<>();
  private final Map<FileIdentity, TailedFile> files = new LinkedHashMap<>();
  private final CopyCheck copyCheck = new CopyCheck();
  private boolean startsAtEnd;
  private boolean hasScanned;
  private long nextScanNanos;
  private String detail = "";
  private long skippedCount;

  /// @param positions what the spool remembers, of all sources
  /// @param clock stamps messages; what is due is told to [#step]
  FileTail(
      FileConfig config,
      Map<String, Bytes> positions,
      FileSystem fileSystem,
      Clock clock,
      TailedFile.DeliverySink sink) {
    this.config = config;
    this.clock = clock;
    this.sink = sink;
    this.fileSystem = fileSystem;
    this.globs = config.globs().stream().map(glob -> new Glob(fileSystem, glob)).toList();
    this.prefix = "file/" + config.name() + "/";
    positions.forEach((key, value) -> {
      if (key.startsWith(prefix) && key.length() > prefix.length()) {
        known.put(key, FilePosition.decode(value));
      }
    });
    boolean isFirstStart = known.isEmpty() && !positions.containsKey(prefix);
    this.startsAtEnd = isFirstStart && config.startsAt() == FileConfig.StartsAt.END;
  }

  /// Looks once at everything.
  ///
  /// @return whether there was something to read
  boolean step(long nowNanos) throws InterruptedException {
    boolean hasRead = false;
    for (Iterator<TailedFile> i = files.values().iterator(); i.hasNext(); ) {
      TailedFile file = i.next();
      try {
        hasRead |= file.poll(nowNanos);
        if (file.isFinished(nowNanos)) {
          file.finish();
          file.close();
          i.remove();
        }
      } catch (IOException e) {
        detail = file.path() + ": " + e.getMessage();
        known.put(file.key(), file.position()); // Tried again at the next scan, from its place.
        file.close();
        i.remove();
      }
    }
    if (!hasScanned || nowNanos - nextScanNanos >= 0) {
      nextScanNanos = nowNanos + SCAN_NANOS;
      hasRead |= scan(nowNanos);
    }
    return hasRead;
  }

  long lagBytes() {
    long lag = 0;
    for (TailedFile file : files.values()) {
      try {
        lag += file.lagBytes();
      } catch (IOException e) {
        detail = file.path() + ": " + e.getMessage();
      }
    }
    return lag;
  }

  /// The last fault, or what was left aside; empty when all is well.
  String detail() {
    return detail.isEmpty() && skippedCount > 0
        ? skippedCount + " files are left aside: more than " + config.maxFileCount()
        : detail;
  }

  int fileCount() {
    return files.size();
  }

  @Override
  public void close() {
    files.values().forEach(TailedFile::close);
    files.clear();
  }

  private boolean scan(long nowNanos) throws InterruptedException {
    Map<FileIdentity, Path> found = find();
    skippedCount = 0;
    for (TailedFile file : files.values()) {
      @Nullable Path path = found.remove(file.identity());
      if (path == null) {
        file.detach(nowNanos);
      } else {
        file.attach(path);
      }
    }
    boolean hasOpened = false;
    for (Map.Entry<FileIdentity, Path> entry : found.entrySet()) {
      hasOpened |= open(entry.getKey(), entry.getValue(), nowNanos) != null;
    }
    if (!hasScanned) {
      hasScanned = true;
      findMoved(nowNanos);
      if (startsAtEnd) {
        startsAtEnd = false;
        rememberEnds();
      }
    }
    return hasOpened;
  }

  private Map<FileIdentity, Path> find() {
    TreeSet<Path> paths = new TreeSet<>();
    Map<FileIdentity, Path> found = new LinkedHashMap<>();
    for (Glob glob : globs) {
      try {
        glob.collect(paths);
      } catch (IOException e) {
        detail = e.toString();
      }
    }
    for (Path path : paths) {
      try {
        found.putIfAbsent(FileIdentity.of(path), path);
      } catch (IOException e) {
        // Gone between the listing and now: the next scan sees what became of it.
      }
    }
    return found;
  }

  private @Nullable TailedFile open(FileIdentity identity, Path path, long nowNanos)
      throws InterruptedException {
    if (files.size() >= config.maxFileCount()) {
      skippedCount++;
      return null;
    }
    String key = prefix + identity.text();
    @Nullable TailedFile file = null;
    boolean isOpened = false;
    try {
      if (!isWanted(path, key)) {
        return null;
      }
      file = new TailedFile(key, identity, path, config, clock, sink);
      isOpened = place(file, nowNanos);
    } catch (IOException e) {
      detail = path + ": " + e.getMessage();
    }
    if (file == null || !isOpened) {
      if (file != null) {
        file.close();
      }
      return null;
    }
    known.remove(key);
    files.put(identity, file);
    return file;
  }

  /// Compressed files are what a rotation made of something that was read before.
  private boolean isWanted(Path path, String key) throws IOException {
    if (!config.skipsCompressed() || known.containsKey(key)) {
      return true;
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      return !FileContent.isCompressed(FileContent.read(channel, 0, 8));
    }
  }

  /// Finds out where to begin.
  ///
  /// @return false when that cannot be said yet
  private boolean place(TailedFile file, long nowNanos) throws IOException, InterruptedException {
    @Nullable FilePosition position = known.get(file.key());
    if (position != null) {
      boolean isSame = FileContent.matches(file.channel(), position);
      if (!isSame) {
        file.replaced(position);
      }
      file.resume(isSame ? position.offset() : 0, isSame ? position.part() : 0, nowNanos);
      return true;
    }
    if (startsAtEnd) {
      file.resume(FileContent.endOfLastLine(file.channel()), 0, nowNanos);
      return true;
    }
    CopyCheck.Verdict verdict = copyCheck.examine(file, files.values(), nowNanos);
    return switch (verdict) {
      case CopyCheck.Verdict.StartAt(long offset, int part) -> {
        file.resume(offset, part, nowNanos);
        // The original forgets what it held: a copy's place must stand on its own from here on.
        yield offset == 0 || sink.put(List.of(), Map.of(file.key(), file.position().encode()));
      }
      case CopyCheck.Verdict.Undecided _ -> false;
    };
  }

  /// What was followed before and has another name now: found beside its old place, read to its
  /// end, then let go. A place is forgotten only when its directory is there and the file is not.
  private void findMoved(long nowNanos) throws InterruptedException {
    Map<String, Bytes> forgotten = new HashMap<>();
    for (Map.Entry<String, FilePosition> entry : List.copyOf(known.entrySet())) {
      @Nullable Path directory = fileSystem.getPath(entry.getValue().path()).getParent();
      if (directory == null || !Files.isDirectory(directory)) {
        continue;
      }
      @Nullable TailedFile moved = openIn(directory, entry.getKey(), entry.getValue(), nowNanos);
      if (moved != null) {
        moved.detach(nowNanos);
      } else {
        known.remove(entry.getKey());
        forgotten.put(entry.getKey(), Bytes.EMPTY);
      }
    }
    if (!forgotten.isEmpty()) {
      sink.put(List.of(), forgotten);
    }
  }

  private @Nullable TailedFile openIn(
      Path directory, String key, FilePosition position, long nowNanos)
      throws InterruptedException {
    try (Stream<Path> entries = Files.list(directory)) {
      for (Path path : (Iterable<Path>) entries::iterator) {
        if (Files.isRegularFile(path)
            && key.equals(prefix + FileIdentity.of(path).text())
            && isSame(path, position)) {
          return open(FileIdentity.of(path), path, nowNanos);
        }
      }
    } catch (IOException e) {
      detail = directory + ": " + e.getMessage();
    }
    return null;
  }

  private static boolean isSame(Path path, FilePosition position) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      return FileContent.matches(channel, position);
    }
  }

  /// From now on new files are read from their beginning, also after a crash.
  private void rememberEnds() throws InterruptedException {
    Map<String, Bytes> ends = new HashMap<>();
    ends.put(prefix, Bytes.utf8("1"));
    for (TailedFile file : new ArrayList<>(files.values())) {
      ends.put(file.key(), file.position().encode());
    }
    sink.put(List.of(), ends);
  }
}
