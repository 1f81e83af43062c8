package dev.weir.edge.source;

import dev.weir.base.ByteSize;
import dev.weir.base.Checks;
import dev.weir.message.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Files to follow.
///
/// @param globs paths or patterns with `*`, `?`, `{a,b}`, `[..]`, and `**` across directories
/// @param startsAt where a file begins that is there at the very first start; later files are
///   always read from their beginning
/// @param multiline how lines are gathered into events; empty for one message a line
/// @param maxLine longer lines and events are split, 16 B to 8 MiB
/// @param hold how long a renamed or deleted file is kept open after its last growth
/// @param hasPathHeader whether messages carry the file's path as header `file`
/// @param skipsCompressed whether files that begin as gzip, zstd, bzip2 or xz are left alone
/// @param maxFileCount files followed at once; more are counted and left for later
public record FileConfig(
    String name,
    String topic,
    List<String> globs,
    StartsAt startsAt,
    Optional<Multiline> multiline,
    ByteSize maxLine,
    Duration hold,
    boolean hasPathHeader,
    boolean skipsCompressed,
    int maxFileCount)
    implements SourceConfig {

  /// Where reading begins.
  public enum StartsAt {
    BEGINNING,
    END
  }

  /// The longest line that other collectors take by default is 64 KiB to 1 MiB; a message of this
  /// size still passes every default limit behind it.
  public static final ByteSize DEFAULT_MAX_LINE = ByteSize.ofMebibytes(1);

  /// Writers reopen their log within seconds of a rotation; minutes cover a stuck one.
  public static final Duration DEFAULT_HOLD = Duration.ofMinutes(5);

  /// An open file each, of the usual limit of 1024 to 4096 for a process.
  public static final int DEFAULT_MAX_FILE_COUNT = 512;

  public FileConfig {
    Topic.check(topic);
    globs = List.copyOf(globs);
    Checks.argument(!globs.isEmpty(), "globs is empty, expected at least one path or pattern");
    Checks.range("maxLine", maxLine.bytes(), 16, 8 << 20);
    Checks.argument(!hold.isNegative(), "hold is " + hold + ", expected zero or more");
    Checks.range("maxFileCount", maxFileCount, 1, 65_536);
  }

  public static FileConfig of(String name, String topic, List<String> globs) {
    return new FileConfig(
        name,
        topic,
        globs,
        StartsAt.BEGINNING,
        Optional.empty(),
        DEFAULT_MAX_LINE,
        DEFAULT_HOLD,
        false,
        true,
        DEFAULT_MAX_FILE_COUNT);
  }

  public FileConfig from(StartsAt newStartsAt) {
    return new FileConfig(
        name,
        topic,
        globs,
        newStartsAt,
        multiline,
        maxLine,
        hold,
        hasPathHeader,
        skipsCompressed,
        maxFileCount);
  }

  public FileConfig with(Multiline newMultiline) {
    return new FileConfig(
        name,
        topic,
        globs,
        startsAt,
        Optional.of(newMultiline),
        maxLine,
        hold,
        hasPathHeader,
        skipsCompressed,
        maxFileCount);
  }

  @Override
  public boolean hasPositions() {
    return true;
  }

  @Override
  public Source open(SourceContext context) {
    return new FileSource(this, context.positions(), context.pulled(), context.clock());
  }
}
