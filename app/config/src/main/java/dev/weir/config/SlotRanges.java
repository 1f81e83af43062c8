package dev.weir.config;

import dev.weir.base.Checks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Some of the 16,384 slots, as `0-8191,12000`.
public record SlotRanges(List<Range> ranges) {
  /// How many slots there are.
  public static final int SLOTS = 1 << 14;

  private static final Pattern RANGE = Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?");

  /// Slots from the first to the last, both included.
  public record Range(int first, int last) {
    public Range {
      Checks.range("first", first, 0, SLOTS - 1);
      Checks.range("last", last, first, SLOTS - 1);
    }

    @Override
    public String toString() {
      return first == last ? "" + first : first + "-" + last;
    }
  }

  public SlotRanges {
    ranges = List.copyOf(ranges);
  }

  /// The slots that a text names; empty when it is none.
  static Optional<SlotRanges> parse(String text) {
    List<Range> ranges = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      Matcher matcher = RANGE.matcher(part.strip());
      if (!matcher.matches()) {
        return Optional.empty();
      }
      int first = Integer.parseInt(matcher.group(1));
      int last = matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
      if (last < first || last >= SLOTS) {
        return Optional.empty();
      }
      ranges.add(new Range(first, last));
    }
    return Optional.of(new SlotRanges(ranges));
  }

  @Override
  public String toString() {
    return ranges.stream().map(Range::toString).collect(Collectors.joining(","));
  }
}
