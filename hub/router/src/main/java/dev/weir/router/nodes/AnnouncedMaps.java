package dev.weir.router.nodes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Which map counts at a storage node, of those that routers announce; pure but for what it
/// remembers.
///
/// Problem: routers get a new map one after the other, one may keep an old one for ever, and two
/// may have been given two maps of one version by mistake; a key must be written to one node only.
/// Idea: the highest version that was ever announced counts, even after its router is gone, since
/// slots may have moved by it; of one version the map counts that was announced first, for as long
/// as one of its routers is heard, so that a mistake is told instead of alternating.
///
/// Not safe for threads: its owner guards it.
final class AnnouncedMaps {
  /// A router that was not heard for so many of its periods is gone.
  static final int SILENT_PERIODS = 3;

  /// As many routers as are remembered; of more, the one that was silent for longest is forgotten.
  static final int MAX_ROUTERS = 1_000;

  private final Map<Long, Heard> routers = new HashMap<>();
  private final Set<String> told = new HashSet<>();
  private @Nullable Announcement counting;

  /// A router's last announcement.
  record Heard(Announcement said, long nanos) {
    boolean isGone(long nowNanos) {
      long patienceMillis = (long) SILENT_PERIODS * said.periodMillis();
      return nowNanos - nanos > TimeUnit.MILLISECONDS.toNanos(patienceMillis);
    }
  }

  /// Takes an announcement.
  ///
  /// @return what is to be logged: each disagreement once, until the routers agree
  List<String> hear(Announcement said, long nowNanos) {
    routers.values().removeIf(heard -> heard.isGone(nowNanos));
    if (routers.size() >= MAX_ROUTERS && !routers.containsKey(said.start())) {
      routers.values().stream()
          .min((a, b) -> Long.compare(a.nanos() - nowNanos, b.nanos() - nowNanos))
          .ifPresent(silent -> routers.remove(silent.said().start()));
    }
    routers.put(said.start(), new Heard(said, nowNanos));
    if (counts(said)) {
      counting = said;
    }
    return disputes(said);
  }

  private boolean counts(Announcement said) {
    Announcement present = counting;
    if (present == null || said.mapVersion() > present.mapVersion()) {
      return true;
    }
    return said.mapVersion() == present.mapVersion()
        && (said.isOfSameMap(present)
            || routers.values().stream().noneMatch(heard -> heard.said().isOfSameMap(present)));
  }

  private List<String> disputes(Announcement said) {
    List<String> lines = new ArrayList<>();
    boolean isAlone = true;
    for (Heard heard : routers.values()) {
      Announcement other = heard.said();
      if (!said.isOfSameMap(other)) {
        isAlone = false;
        boolean isNewer = said.mapVersion() > other.mapVersion();
        String line = isNewer ? dispute(said, other) : dispute(other, said);
        if (told.add(line)) {
          lines.add(line);
        }
      }
    }
    if (isAlone || told.size() > MAX_ROUTERS) {
      told.clear();
    }
    return lines;
  }

  private static String dispute(Announcement newer, Announcement older) {
    if (newer.mapVersion() != older.mapVersion()) {
      return "Routers go by different maps: "
          + newer.router()
          + " by version "
          + newer.mapVersion()
          + ", "
          + older.router()
          + " by version "
          + older.mapVersion()
          + "; calls to slots that moved are refused.";
    }
    List<String> names = new ArrayList<>(List.of(newer.router(), older.router()));
    names.sort(null);
    return "Routers "
        + names.get(0)
        + " and "
        + names.get(1)
        + " both go by version "
        + newer.mapVersion()
        + " of the map, and their maps differ: give the right one the next version, on all routers.";
  }

  /// The map that counts, as it was announced last; none before the first.
  Optional<Announcement> counting() {
    return Optional.ofNullable(counting);
  }

  /// The routers that are heard.
  List<Announcement> heard(long nowNanos) {
    return routers.values().stream()
        .filter(heard -> !heard.isGone(nowNanos))
        .map(Heard::said)
        .sorted((a, b) -> a.router().compareTo(b.router()))
        .toList();
  }
}
