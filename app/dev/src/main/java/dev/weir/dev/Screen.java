package dev.weir.dev;

import dev.weir.base.ByteSize;
import dev.weir.node.EdgeGlance;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/// The live view: redrawn in place for a person, one line a second elsewhere.
final class Screen {
  private static final String HOME_AND_CLEAR = "\u001b[H\u001b[J";

  private final PrintStream out;
  private final boolean isInteractive;

  Screen(PrintStream out, boolean isInteractive) {
    this.out = out;
    this.isInteractive = isInteractive;
  }

  /// What is shown.
  ///
  /// @param phase in words what happens now
  /// @param address of the core
  /// @param perSecond messages that arrived at the subscriber in the last second
  record View(
      String phase,
      String address,
      long sent,
      long stored,
      long duplicated,
      long perSecond,
      List<Row> rows) {}

  /// One edge.
  record Row(String name, long sent, EdgeGlance glance) {}

  void show(View view) {
    if (isInteractive) {
      out.print(HOME_AND_CLEAR + full(view));
    } else {
      out.println(line(view));
    }
    out.flush();
  }

  private static String full(View view) {
    StringBuilder text = new StringBuilder();
    text.append("weir dev · core on ").append(view.address());
    text.append(" · metrics http://").append(view.address()).append("/metrics · Ctrl-C ends\n");
    text.append(view.phase()).append("\n\n");
    text.append(
        String.format(
            Locale.ROOT,
            "%-10s %-14s %12s %12s %12s %12s %9s %10s %-9s%n",
            "EDGE",
            "LINK",
            "SENT",
            "SPOOLED",
            "OF IT LATE",
            "BYTES",
            "RTT ms",
            "WINDOW",
            "HELD BY"));
    for (Row row : view.rows()) {
      EdgeGlance glance = row.glance();
      text.append(
          String.format(
              Locale.ROOT,
              "%-10s %-14s %,12d %,12d %,12d %12s %9.2f %10s %-9s%n",
              row.name(),
              glance.link(),
              row.sent(),
              glance.waitingMessages(),
              glance.lateMessages(),
              new ByteSize(glance.waitingBytes()),
              glance.rttMicros() / 1e3,
              new ByteSize(glance.windowBytes()),
              glance.heldBy()));
    }
    text.append(
        String.format(
            Locale.ROOT,
            "%nsent %,d   stored and delivered %,d   on the way %,d   duplicated %d   %,d msg/s%n",
            view.sent(),
            view.stored(),
            view.sent() - view.stored(),
            view.duplicated(),
            view.perSecond()));
    text.append("\nTry in another terminal:\n");
    text.append("  ./weir sub 'dev/+/logs' -s weir://").append(view.address());
    text.append("\n  ./weir pub hello/world 'hi' -s weir://").append(view.address()).append('\n');
    return text.toString();
  }

  private static String line(View view) {
    long waiting = view.rows().stream().mapToLong(row -> row.glance().waitingMessages()).sum();
    long late = view.rows().stream().mapToLong(row -> row.glance().lateMessages()).sum();
    return String.format(
        Locale.ROOT,
        "%s: sent %,d, stored %,d, in spools %,d (late %,d), duplicated %d, %,d msg/s",
        view.phase(),
        view.sent(),
        view.stored(),
        waiting,
        late,
        view.duplicated(),
        view.perSecond());
  }
}
