package dev.weir.sim;

import dev.weir.flow.AdaptiveWindow;
import dev.weir.flow.FixedWindow;
import dev.weir.flow.FlowCounters;
import dev.weir.flow.Window;
import java.util.List;
import java.util.function.Supplier;

/// The ways to bound what is in flight that are compared.
final class Controllers {
  /// One of them; each run gets a window of its own.
  record Controller(String name, Supplier<Window> window) {}

  static final Controller WEIR = new Controller("Weir", Controllers::adaptive);

  static final Controller FIXED_BYTES =
      new Controller("fixed 8 MB", () -> new FixedWindow(8_000_000));

  /// In the order of the table's columns.
  static final List<Controller> ALL =
      List.of(
          new Controller("100 messages", () -> new FixedMessages(100)),
          new Controller("Vegas", VegasWindow::new),
          new Controller("gradient", GradientWindow::new),
          new Controller("BBR 1.25", NaiveBbrWindow::new),
          FIXED_BYTES,
          WEIR);

  private Controllers() {}

  static Window adaptive() {
    return new AdaptiveWindow(AdaptiveWindow.DEFAULT_MAX_BYTES, new FlowCounters().windowGain());
  }
}
