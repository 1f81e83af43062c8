package dev.weir.log;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The file name of a segment: `0000000012-00000000000000345678.seg`, its number and its first
/// offset. With both in the name, listing the directory is enough to find the segment of an offset,
/// however many there are.
///
/// @param number counts up from 1 and is never used twice
/// @param baseOffset the offset of its first message
record SegmentName(long number, long baseOffset) {
  private static final Pattern FORMAT = Pattern.compile("(\\d{10})-(\\d{19,20})\\.seg");
  private static final String SPARE_PREFIX = "spare-";

  static Optional<SegmentName> parse(String fileName) {
    Matcher matcher = FORMAT.matcher(fileName);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new SegmentName(
              Long.parseLong(matcher.group(1), 10), Long.parseLong(matcher.group(2), 10)));
    } catch (NumberFormatException _) {
      return Optional.empty(); // twenty digits beyond 2^63: not ours
    }
  }

  String fileName() {
    return String.format(Locale.ROOT, "%010d-%020d.seg", number, baseOffset);
  }

  /// A file that waits to become a segment.
  static String spareName(long serial) {
    return String.format(Locale.ROOT, SPARE_PREFIX + "%010d.tmp", serial);
  }

  static boolean isSpare(String fileName) {
    return fileName.startsWith(SPARE_PREFIX) && fileName.endsWith(".tmp");
  }
}
