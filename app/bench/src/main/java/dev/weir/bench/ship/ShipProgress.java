package dev.weir.bench.ship;

import dev.weir.base.Clock;
import dev.weir.bench.data.DataSet;
import java.io.IOException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;

/// Says what runs, how far it is, and what came of each run. One thread tells it.
final class ShipProgress {
  private static final long SAY_NANOS = 5_000_000_000L;

  private final Consumer<String> say;
  private final Clock clock;
  private final Set<String> missing = new HashSet<>();
  private String running = "";
  private long saidNanos;

  ShipProgress(Consumer<String> say, Clock clock) {
    this.say = say;
    this.clock = clock;
  }

  void say(String text) {
    say.accept(text);
  }

  void data(DataSet set, double meanBytes, double plainRatio) {
    say.accept(
        String.format(
            Locale.ROOT,
            "data: %s, %.1f KB a message, zstd at level 3 makes it %.2f times smaller",
            set.label(),
            meanBytes / 1e3,
            plainRatio));
  }

  void missing(ShipMode mode) {
    if (missing.add(mode.name())) {
      say.accept(mode.name() + ": left out, this build's edge does not know its settings");
    }
  }

  /// @param what a mode or another program
  void begin(ShipProfile profile, String what, int run, ShipOptions options) {
    String name = profile.name() + " " + what;
    running = options.runs() > 1 ? name + ", run " + (run + 1) + " of " + options.runs() : name;
    saidNanos = clock.nanoTime();
  }

  void acked(long bytes) {
    if (clock.nanoTime() - saidNanos >= SAY_NANOS) {
      saidNanos = clock.nanoTime();
      say.accept(
          String.format(Locale.ROOT, "%s: %,.0f MB acked, warm-up counted", running, bytes / 1e6));
    }
  }

  void end(ShipProfile profile, ShipMode mode, ShipResult result) {
    say.accept(
        String.format(
            Locale.ROOT,
            "%s: %.0f Mbit/s%s, ack %.0f ms (p99 %.0f), %,d messages read back: %s",
            running,
            result.bitsPerSecond() / 1e6,
            profile.bitsPerSecond() == 0
                ? ""
                : String.format(Locale.ROOT, ", link %.0f %% used", result.utilisation() * 100),
            result.load().ackP50Ms(),
            result.load().ackP99Ms(),
            result.audit().stored(),
            verdict(result.audit(), mode)));
  }

  void end(PeerOutcome outcome) {
    say.accept(running + ": " + outcome.words());
  }

  void failed(IOException cause) {
    say.accept(running + ": FAILED, left out: " + cause.getMessage());
  }

  private static String verdict(ShipAudit.Verdict audit, ShipMode mode) {
    boolean hasOrder = mode.kind() != ShipMode.Kind.PUT;
    if (audit.isClean() && !(hasOrder && audit.disordered() > 0)) {
      return "0 lost, 0 duplicated, every byte as sent" + (hasOrder ? ", in order" : "");
    }
    return audit.lost()
        + " LOST, "
        + audit.duplicated()
        + " DUPLICATED, "
        + audit.damaged()
        + " DAMAGED, "
        + audit.disordered()
        + " out of order";
  }
}
