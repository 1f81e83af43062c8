package dev.weir.dev;

import dev.weir.base.Checks;
import java.time.Duration;

/// What the demonstration does.
///
/// @param edges how many collectors, 1 to 16
/// @param linesPerSecond of each source of each edge, 1 to 100,000
/// @param outage how long the link is cut; zero for not at all
/// @param duration how long it runs; zero until it is stopped, or until the outage is told
/// @param preferredPort the core's port when it is free, else any
public record DevOptions(
    int edges, int linesPerSecond, Duration outage, Duration duration, int preferredPort) {
  public DevOptions {
    Checks.range("edges", edges, 1, 16);
    Checks.range("lines per second", linesPerSecond, 1, 100_000);
    Checks.argument(!outage.isNegative(), "outage is " + outage + ", expected zero or more");
    Checks.argument(!duration.isNegative(), "duration is " + duration + ", expected zero or more");
  }
}
