package dev.weir.auth;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/// How long an address must wait after wrong passwords: five are free, then the pause doubles from
/// a second to five minutes, and all is forgotten after a quarter of an hour without a wrong one.
/// Passing a check does not shorten it: who has an account of its own could guess others' by turns.
///
/// Pure, bounded; owned by whoever holds the lock around it.
final class FailurePauses {
  private static final int FREE = 5;
  private static final long FIRST_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long LONGEST_NANOS = Duration.ofMinutes(5).toNanos();
  private static final long FORGET_NANOS = Duration.ofMinutes(15).toNanos();

  /// 10,000 networks are some 2 MB; of more, the one that failed longest ago is forgotten.
  private static final int MAX_NETWORKS = 10_000;

  private record Failures(int count, long lastNanos) {}

  private final Map<String, Failures> byNetwork = new LinkedHashMap<>();

  /// How long until the next password of a network is looked at, in nanoseconds; 0 for now.
  long pauseNanos(String network, long nowNanos) {
    Failures failures = byNetwork.get(network);
    if (failures == null || failures.count() < FREE) {
      return 0;
    }
    int doublings = Math.min(failures.count() - FREE, 20);
    long pause = Math.min(LONGEST_NANOS, FIRST_NANOS << doublings);
    return Math.max(0, failures.lastNanos() + pause - nowNanos);
  }

  /// A password of a network was wrong.
  void failed(String network, long nowNanos) {
    Failures before = byNetwork.remove(network); // Put again below: the newest come last.
    int earlier =
        before != null && nowNanos - before.lastNanos() < FORGET_NANOS ? before.count() : 0;
    byNetwork.put(network, new Failures(earlier + 1, nowNanos));
    Iterator<Failures> oldest = byNetwork.values().iterator();
    while (byNetwork.size() > MAX_NETWORKS) {
      oldest.next();
      oldest.remove();
    }
  }

  int networkCount() {
    return byNetwork.size();
  }
}
