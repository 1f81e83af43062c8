package dev.weir.log;

import dev.weir.base.ByteSize;
import dev.weir.base.Checks;
import java.time.Duration;

/// When whole segments are removed, oldest first. The newest segment always stays.
///
/// @param bytes keep at most this much
/// @param age keep nothing older than this
/// @param freeDiskFloor remove while the file system has less free than this
/// @param waitForCursor never remove what is at or after the slowest cursor ([Log#retainFrom])
public record Retention(
    ByteSize bytes, Duration age, ByteSize freeDiskFloor, boolean waitForCursor) {
  /// Removes nothing.
  public static final Retention FOREVER =
      new Retention(
          new ByteSize(Long.MAX_VALUE),
          Duration.ofSeconds(Long.MAX_VALUE / 1_000_000),
          new ByteSize(0),
          false);

  public Retention {
    Checks.range("retention bytes", bytes.bytes(), 0, Long.MAX_VALUE);
    Checks.argument(!age.isNegative(), "retention age is " + age + ", expected 0 or more");
    Checks.range("retention age seconds", age.toSeconds(), 0, Long.MAX_VALUE / 1_000_000);
  }

  long ageMicros() {
    return age.toSeconds() * 1_000_000L + age.toNanosPart() / 1_000;
  }
}
