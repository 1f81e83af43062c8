package dev.weir.edge;

import dev.weir.flow.LimitShares;
import dev.weir.flow.LimitedBy;
import dev.weir.flow.PathFigures;
import dev.weir.link.LinkState;
import dev.weir.link.LinkStats;
import java.net.URI;

/// What a link looks like that always has something in flight.
public final class StillUplink {
  private LimitedBy limitedBy = LimitedBy.SPOOL;
  private long bytesPerSecond;
  private int inFlight = 1;

  public void limitedBy(LimitedBy reason) {
    limitedBy = reason;
  }

  public void bytesPerSecond(long rate) {
    bytesPerSecond = rate;
  }

  /// Everything is acked.
  public void settle() {
    inFlight = 0;
  }

  public LinkStats stats() {
    LinkState ready = new LinkState.Ready(URI.create("weir://localhost"), "core");
    return new LinkStats(
        ready,
        "",
        0,
        inFlight,
        inFlight,
        0,
        0,
        0,
        new PathFigures(bytesPerSecond, 0, 0, 0),
        0,
        limitedBy,
        LimitShares.NONE,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0);
  }
}
