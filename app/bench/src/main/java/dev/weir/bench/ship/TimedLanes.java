package dev.weir.bench.ship;

import dev.weir.base.Clock;
import dev.weir.link.LaneSource;
import dev.weir.link.LaneSources;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The lanes of an edge, each behind a [TimedLane]. The link's thread owns it.
final class TimedLanes implements LaneSources {
  private final LaneSources lanes;
  private final AckTimes times;
  private final Clock clock;
  private final Map<LaneSource, TimedLane> timed = new HashMap<>();
  private @Nullable Lanes seen;
  private Lanes views = new Lanes(List.of(), List.of());

  TimedLanes(LaneSources lanes, AckTimes times, Clock clock) {
    this.lanes = lanes;
    this.times = times;
    this.clock = clock;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // the same object: nothing changed
  public Lanes current() {
    Lanes now = lanes.current();
    if (!now.equals(seen)) {
      seen = now;
      views = new Lanes(views(now.fresh()), views(now.backfill()));
      timed.keySet().retainAll(now.all());
    }
    return views;
  }

  private List<LaneSource> views(List<LaneSource> sources) {
    List<LaneSource> result = new ArrayList<>();
    for (LaneSource source : sources) {
      result.add(timed.computeIfAbsent(source, lane -> new TimedLane(lane, times, clock)));
    }
    return result;
  }
}
