package dev.weir.sim;

import dev.weir.sim.Controllers.Controller;
import java.util.List;
import java.util.Locale;

/// The comparison of windows over paths, as docs/internals/window.md shows it.
public final class WindowTable {
  /// The table's; another gives other figures of the same kind.
  static final long SEED = 7;

  static final List<PathProfile> PROFILES =
      List.of(
          PathProfile.steady(40, 16, 3, 40),
          PathProfile.steady(400, 16, 3, 40),
          PathProfile.steady(400, 64, 3, 40),
          PathProfile.steady(400, 64, 40, 40),
          PathProfile.steady(2_000, 16, 3, 20),
          PathProfile.steady(180, 10, 130, 40),
          PathProfile.steady(40, 200, 3, 40));

  /// A fifth of the rate for 20 s.
  static final PathProfile STEP = new PathProfile("400 → 80 → 400 / 16 / 3", 400, 16, 3, 60, 20);

  /// The step back is over once the rate holds as much of the link for half a second.
  static final double RECOVERED = 0.9;

  private static final String INTRODUCTION =
      """
      # The adaptive window

      Printed from quality/sim; a test compares. `-Dweir.docs.write=true` on `WindowTableTest` writes
      it again.

          window = gain * delivery rate * (min network RTT + 2 * commit) + reserve

      - **Delivery rate**: the highest of the last ten rounds; of acks and sends the slower counts, so
        that the acks of a group commit do not look like speed (`RateSampler`, `MaxRate`).
      - **Min network RTT**: from send to ack, without what the core reports for its commit and for
        waiting; measured anew on a nearly empty path when not seen for 10 s (`MinRtt`).
      - **Commit**: the core's write and fsync, smoothed; twice, because a frame waits for the commit
        that runs when it arrives and then for its own (`CommitTime`).
      - **Gain**: the table `window-gain` of [state machines](state-machines.md) (`GainCycle`).
      - **Reserve**: 128 KiB, two frames, or what is delivered in 2.5 ms, whichever is more.

      The window stays between 128 KiB and `edge.window.bytes`; the core's credit bounds it in turn.

      ## Against other rules
      A simulation by events, one seed, 40 s of messages of 16 KB on average (lognormal) over each path
      (20 s at 2 Gbit/s); the store commits whatever has arrived when the last commit ends, with jitter
      and one commit in 200 of ten times the length. A cell: acked in percent of the link's capacity,
      the start included / ack p50 / ack p99 in ms. Rows: Mbit/s / RTT ms / commit ms.

      """;

  private static final String READING =
      """

      `100 messages` is the published design. `Vegas` and `gradient` are request limiters that watch
      round trips, and take the jitter of commits for congestion. `BBR 1.25` knows rate and round trip
      but not the commit: enough while commits are short. `fixed 8 MB` fills every path that holds less
      and queues the rest: 1.6 s at 40 Mbit/s. What Weir pays: some percent where a rare commit of ten
      times the length stalls the path, which no window of a sensible size bridges, and more delay than
      strictly needed where commits are long.

      ## A path that changes
      20 s at 400 Mbit/s, 20 s at 80, 20 s at 400; RTT 16 ms, commit 3 ms.

      | | Mbit/s | Mbit/s | Mbit/s | back after, s | ack p99, ms |
      |---|---|---|---|---|---|
      """;

  private static final String BOUNDS =
      """

      Back after: until 90 % of the link are used over half a second.

      ## What bounds a link beyond the window
      | bound | value | Mbit/s at 64 ms |
      |---|---|---|
      | TCP send and receive buffers of Linux as shipped (`tcp_wmem`, `tcp_rmem`) | 4 and 6 MiB, a part of it bookkeeping | 300 to 500 |
      | HTTP/2 flow control of grpc-java | 4 MiB at first, its estimator goes up to 8 MiB | 524, then 1048 |
      | credit of a core to a single stream | 16 MiB | 2097 |
      | `edge.window.bytes` | 32 MiB | 4194 |

      Above 400 Mbit/s at 64 ms it is the kernel: raise `net.ipv4.tcp_wmem` on the edge and
      `net.ipv4.tcp_rmem` on the core. The link then says that the transport limits it.
      """;

  private WindowTable() {}

  /// Prints the page.
  public static void main(String[] args) {
    System.out.print(page());
  }

  static String page() {
    StringBuilder page = new StringBuilder(INTRODUCTION);
    page.append("| path |");
    Controllers.ALL.forEach(each -> page.append(' ').append(each.name()).append(" |"));
    page.append("\n|---|").append("---|".repeat(Controllers.ALL.size())).append('\n');
    for (PathProfile profile : PROFILES) {
      page.append("| ").append(profile.name()).append(" |");
      Controllers.ALL.forEach(each -> page.append(cell(profile, each)));
      page.append('\n');
    }
    page.append(READING);
    Controllers.ALL.forEach(each -> page.append(stepRow(each)));
    return page.append(BOUNDS).toString();
  }

  private static String cell(PathProfile profile, Controller controller) {
    PathResult result = PathRun.of(profile, controller.window().get(), SEED);
    return String.format(
        Locale.ROOT,
        " %.0f / %.0f / %.0f |",
        result.capacityPercent(),
        result.ackP50Millis(),
        result.ackP99Millis());
  }

  private static String stepRow(Controller controller) {
    PathResult result = PathRun.of(STEP, controller.window().get(), SEED);
    return String.format(
        Locale.ROOT,
        "| %s | %.0f | %.0f | %.0f | %s | %.0f |%n",
        controller.name(),
        result.mbitPerSecond(0, 20),
        result.mbitPerSecond(20, 40),
        result.mbitPerSecond(40, 60),
        backAfter(result),
        result.ackP99Millis());
  }

  private static String backAfter(PathResult result) {
    double seconds = result.secondsUntil(40, RECOVERED);
    return seconds > 19 ? "never" : String.format(Locale.ROOT, "%.1f", seconds);
  }
}
