package dev.weir.sim;

import dev.weir.flow.AdaptiveWindow;
import dev.weir.flow.FixedWindow;
import dev.weir.flow.FlowCounters;
import dev.weir.flow.Window;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/// The comparison of windows over paths, as the documentation shows it.
public final class WindowTable {
  /// Any; this one is the table's.
  public static final long SEED = 7;

  /// A way to bound what is in flight.
  record Controller(String name, Supplier<Window> window) {}

  static final List<PathProfile> PROFILES =
      List.of(
          PathProfile.steady(40, 16, 3, 40),
          PathProfile.steady(400, 16, 3, 40),
          PathProfile.steady(400, 64, 3, 40),
          PathProfile.steady(400, 64, 40, 40),
          PathProfile.steady(2_000, 16, 3, 40),
          PathProfile.steady(180, 10, 130, 40),
          PathProfile.steady(40, 200, 3, 40));

  static final PathProfile STEP = new PathProfile("400 → 80 → 400 / 16 / 3", 400, 16, 3, 60, 20);

  static final Controller WEIR =
      new Controller(
          "Weir",
          () ->
              new AdaptiveWindow(
                  AdaptiveWindow.DEFAULT_MAX_BYTES, new FlowCounters().windowGain()));

  static final Controller FIXED_BYTES =
      new Controller("fixed 8 MB", () -> new FixedWindow(8_000_000));

  static final List<Controller> CONTROLLERS =
      List.of(
          new Controller("100 messages", () -> new FixedMessages(100)),
          new Controller("Vegas", VegasWindow::new),
          new Controller("gradient", GradientWindow::new),
          new Controller("BBR 1.25", NaiveBbrWindow::new),
          FIXED_BYTES,
          WEIR);

  private WindowTable() {}

  /// Prints the tables.
  public static void main(String[] args) {
    System.out.print(page());
  }

  static String page() {
    StringBuilder page = new StringBuilder("| link / RTT / commit |");
    CONTROLLERS.forEach(each -> page.append(' ').append(each.name()).append(" |"));
    page.append("\n|---|").append("---|".repeat(CONTROLLERS.size())).append('\n');
    for (PathProfile profile : PROFILES) {
      page.append("| ").append(profile.name()).append(" |");
      for (Controller each : CONTROLLERS) {
        PathResult r = PathRun.of(profile, each.window().get(), SEED);
        page.append(
            String.format(
                Locale.ROOT,
                " %.0f / %.0f / %.0f |",
                r.capacityPercent(),
                r.ackP50Millis(),
                r.ackP99Millis()));
      }
      page.append('\n');
    }
    for (Controller each : CONTROLLERS) {
      PathResult r = PathRun.of(STEP, each.window().get(), SEED);
      page.append(
          String.format(
              Locale.ROOT,
              "%s: %.0f / %.0f / %.0f, down %.1f up %.1f s p99 %.0f\n",
              each.name(),
              r.mbitPerSecond(0, 20),
              r.mbitPerSecond(20, 40),
              r.mbitPerSecond(40, 60),
              r.secondsUntil(20, 0.18),
              r.secondsUntil(40, 0.9),
              r.ackP99Millis()));
    }
    return page.toString();
  }
}
