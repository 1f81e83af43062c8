package dev.weir.bench.ship;

import dev.weir.base.Clock;
import dev.weir.link.LaneSource;
import dev.weir.link.LaneSources;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A spool's lanes as they come and go, each behind a [TimedLane]. The link's thread owns it.
final class TimedLanes implements LaneSources {
  private final LaneSources lanes;
  private final AckTimes times;
  private final Clock clock;
  private final Map<LaneSource, TimedLane> timed = new HashMap<>();
  private @Nullable Lanes seen;
  private Lanes shown = new Lanes(List.of(), List.of());

  TimedLanes(LaneSources lanes, AckTimes times, Clock clock) {
    this.lanes = lanes;
    this.times = times;
    this.clock = clock;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // the same object: nothing changed
  public Lanes current() {
    Lanes now = lanes.current();
    if (now != seen) {
      seen = now;
      timed.keySet().retainAll(now.all());
      shown = new Lanes(timed(now.fresh()), timed(now.backfill()));
    }
    return shown;
  }

  private List<LaneSource> timed(List<LaneSource> sources) {
    List<LaneSource> views = new ArrayList<>();
    for (LaneSource source : sources) {
      views.add(timed.computeIfAbsent(source, lane -> new TimedLane(lane, times, clock)));
    }
    return views;
  }
}
