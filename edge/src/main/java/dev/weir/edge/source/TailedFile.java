package dev.weir.edge.source;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.message.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One file that is followed: kept open, read on from its place, whatever its name becomes. Owned
/// by the thread of its [FileTail].
///
/// Problem: a log file is cut to nothing and written again under the same name and number
/// (`copytruncate`), sometimes to the same or a larger size, and its size alone does not tell.
/// Idea: every read takes the 64 bytes before the place along with what follows it; when they are
/// not the bytes that were read before, the content is new and reading begins at its start. When
/// only the time of change moved, the first 256 bytes and those 64 are compared.
final class TailedFile implements AutoCloseable {
  /// One turn reads at most this many pieces of 64 KiB, so that a large file does not starve
  /// others.
  private static final int MAX_READS = 16;

  /// Keeps one delivery within a frame's count of messages.
  private static final int MAX_LINES = 8192;

  private static final int MAX_DELIVERY_BYTES = 256 << 10;

  private final String key;
  private final FileIdentity identity;
  private final FileConfig config;
  private final FileChannel channel;
  private final LineScanner scanner;
  private final Clock clock;
  private final DeliverySink sink;
  private final ByteBuffer readBuffer =
      ByteBuffer.allocate(LineScanner.TAIL_BYTES + LineScanner.READ_BYTES);
  private Path path;
  private Map<String, String> pathHeader = Map.of();
  private byte[] head = new byte[0];
  private byte[] previousHead = new byte[0];
  private FileTime changed = FileTime.fromMillis(0);
  private long lastGrowthNanos;
  private Optional<FilePosition> previous = Optional.empty();
  private boolean isDetached;

  /// Where deliveries go; false means that the source is closing.
  interface DeliverySink {
    boolean put(List<Message> messages, Map<String, Bytes> positions) throws InterruptedException;
  }

  TailedFile(
      String key,
      FileIdentity identity,
      Path path,
      FileConfig config,
      Clock clock,
      DeliverySink sink)
      throws IOException {
    this.key = key;
    this.identity = identity;
    this.config = config;
    this.clock = clock;
    this.sink = sink;
    this.path = path;
    this.scanner =
        new LineScanner(config.maxLine().intBytes(), config.multiline().map(Multiline::starts));
    this.channel = FileChannel.open(path, StandardOpenOption.READ);
    attach(path);
  }

  /// Goes on at a place that is known to hold what the position remembers.
  void resume(long offset, int part, long nowNanos) throws IOException {
    int tailBytes = (int) Math.min(offset, LineScanner.TAIL_BYTES);
    scanner.restart(offset, FileContent.read(channel, offset - tailBytes, tailBytes), part);
    lastGrowthNanos = nowNanos;
    head = FileContent.read(channel, 0, (int) Math.min(offset, FileContent.FINGERPRINT_BYTES));
  }

  /// The file has this name now.
  void attach(Path newPath) {
    isDetached = false;
    path = newPath;
    pathHeader = config.hasPathHeader() ? Map.of("file", newPath.toString()) : Map.of();
  }

  /// No watched name leads to the file any more.
  void detach(long nowNanos) {
    if (!isDetached) {
      isDetached = true;
      lastGrowthNanos = nowNanos;
    }
  }

  /// Whether it has no name and has not grown for as long as it is to be held.
  boolean isFinished(long nowNanos) {
    return isDetached && nowNanos - lastGrowthNanos >= config.hold().toNanos();
  }

  /// Reads what has come, within a bound.
  ///
  /// @return whether anything was read
  boolean poll(long nowNanos) throws IOException, InterruptedException {
    boolean hasRead = false;
    if (channel.size() < scanner.readOffset() || isRewrittenInPlace()) {
      startOver();
      hasRead = true;
    }
    for (int reads = 0; reads < MAX_READS && scanner.readOffset() < channel.size(); reads++) {
      if (!readOn()) {
        startOver();
      }
      lastGrowthNanos = nowNanos;
      hasRead = true;
      deliver(null);
    }
    boolean isWaiting =
        config.multiline().isPresent()
            && nowNanos - lastGrowthNanos >= config.multiline().get().flushAfter().toNanos();
    if (isWaiting) {
      @Nullable Line event = scanner.flushLines();
      if (event != null) {
        deliver(event);
      }
    }
    return hasRead;
  }

  /// Sends what is held, with or without its end, and forgets the place.
  void finish() throws InterruptedException {
    @Nullable Line rest = scanner.flushAll(false);
    sink.put(rest == null ? List.of() : List.of(message(rest)), Map.of(key, Bytes.EMPTY));
  }

  /// Where reading goes on after a crash.
  FilePosition position() {
    byte[] tail = scanner.emittedTail();
    return positionAt(scanner.emittedOffset(), tail, scanner.part());
  }

  /// How far it was read, with what is held: where its copy goes on.
  FilePosition readPosition() {
    int held = scanner.heldBytes() > 0 ? 1 : 0;
    return positionAt(scanner.readOffset(), scanner.readTail(), scanner.part() + held);
  }

  /// The file held something else before, while no process looked.
  void replaced(FilePosition before) {
    previous = Optional.of(before);
  }

  /// Whether the other file begins with what this one held, now or before, as far as is known. A
  /// file with less than a fingerprint in it is not told apart from its copy.
  boolean mayBeginAs(TailedFile other) throws IOException {
    byte[] start = FileContent.read(other.channel, 0, FileContent.FINGERPRINT_BYTES);
    return isStartOf(head, start) || (previous.isPresent() && isStartOf(previousHead, start));
  }

  private static boolean isStartOf(byte[] head, byte[] start) {
    return head.length == FileContent.FINGERPRINT_BYTES
        && Arrays.equals(head, 0, start.length, start, 0, start.length);
  }

  /// What the file held before it was last started over: how its copy is recognised.
  Optional<FilePosition> previous() {
    return previous;
  }

  FileIdentity identity() {
    return identity;
  }

  String key() {
    return key;
  }

  Path path() {
    return path;
  }

  FileChannel channel() {
    return channel;
  }

  long lagBytes() throws IOException {
    return Math.max(0, channel.size() - scanner.emittedOffset());
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing was written: there is nothing to lose.
    }
  }

  private boolean isRewrittenInPlace() throws IOException {
    if (isDetached) {
      return false;
    }
    FileTime now;
    try {
      now = Files.getLastModifiedTime(path);
    } catch (NoSuchFileException e) {
      return false; // Renamed or deleted; the next scan tells.
    }
    if (now.equals(changed)) {
      return false;
    }
    changed = now;
    return !Arrays.equals(head, FileContent.read(channel, 0, head.length)) || !hasReadTail();
  }

  private boolean hasReadTail() throws IOException {
    byte[] tail = scanner.readTail();
    long from = scanner.readOffset() - tail.length;
    return Arrays.equals(tail, FileContent.read(channel, from, tail.length));
  }

  /// Reads the next piece together with the bytes before it.
  ///
  /// @return false when those are not what they were
  private boolean readOn() throws IOException {
    byte[] tail = scanner.readTail();
    readBuffer.clear();
    FileContent.read(channel, scanner.readOffset() - tail.length, readBuffer);
    readBuffer.flip();
    boolean isSame =
        readBuffer.remaining() >= tail.length
            && Arrays.equals(tail, 0, tail.length, readBuffer.array(), 0, tail.length);
    if (!isSame) {
      return false;
    }
    readBuffer.position(tail.length);
    ByteBuffer room = scanner.room();
    int count = Math.min(room.remaining(), readBuffer.remaining());
    room.put(readBuffer.limit(readBuffer.position() + count));
    scanner.added(count);
    return true;
  }

  private void startOver() throws IOException, InterruptedException {
    previous = Optional.of(positionAt(scanner.readOffset(), scanner.readTail(), 0));
    @Nullable Line rest = scanner.flushAll(true);
    if (rest != null && rest.hasMore()) {
      previous = Optional.of(positionAt(scanner.readOffset(), scanner.readTail(), rest.part()));
    }
    scanner.restart(0, new byte[0], 0);
    previousHead = head;
    head = new byte[0];
    sink.put(rest == null ? List.of() : List.of(message(rest)), positions());
  }

  private void deliver(@Nullable Line flushed) throws IOException, InterruptedException {
    List<Message> messages = new ArrayList<>();
    long bytes = 0;
    @Nullable Line next = flushed != null ? flushed : scanner.next();
    while (next != null) {
      messages.add(message(next));
      bytes += next.text().length();
      boolean isFull = messages.size() == MAX_LINES || bytes >= MAX_DELIVERY_BYTES;
      if (isFull && !put(messages)) {
        return;
      }
      if (isFull) {
        messages = new ArrayList<>();
        bytes = 0;
      }
      next = scanner.next();
    }
    if (!messages.isEmpty()) {
      put(messages);
    }
  }

  private boolean put(List<Message> messages) throws IOException, InterruptedException {
    if (head.length < FileContent.FINGERPRINT_BYTES) {
      int known = (int) Math.min(scanner.emittedOffset(), FileContent.FINGERPRINT_BYTES);
      head = FileContent.read(channel, 0, known);
    }
    return sink.put(messages, positions());
  }

  private Map<String, Bytes> positions() {
    return Map.of(key, position().encode());
  }

  private FilePosition positionAt(long offset, byte[] tail, int part) {
    return new FilePosition(
        path.toString(),
        head.length,
        FileContent.crc(head),
        offset,
        tail.length,
        FileContent.crc(tail),
        part);
  }

  private Message message(Line line) {
    Map<String, String> headers = line.headers();
    if (headers.isEmpty()) {
      headers = pathHeader;
    } else if (!pathHeader.isEmpty()) {
      headers =
          Map.of("file", path.toString(), Line.SPLIT_HEADER, headers.values().iterator().next());
    }
    return Message.of(config.topic(), line.text(), headers, clock.epochMicros());
  }
}
