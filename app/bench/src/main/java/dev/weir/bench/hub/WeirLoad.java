package dev.weir.bench.hub;

import dev.weir.load.HubLoad;
import java.io.IOException;
import java.util.List;

/// The load on Weir, in a process of its own: see [HubLoad]. With `lane` queues are published to
/// through a lane.
public final class WeirLoad {
  static final String LANE = "lane";

  private WeirLoad() {}

  public static void main(String[] arguments) throws IOException {
    boolean isLane = List.of(arguments).contains(LANE);
    HubLoad.serve(port -> new WeirHub(port, isLane));
  }
}
