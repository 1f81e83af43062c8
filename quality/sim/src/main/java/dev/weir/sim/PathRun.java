package dev.weir.sim;

import dev.weir.flow.ByteWindow;
import dev.weir.flow.LimitedBy;
import dev.weir.flow.Window;

/// One sender with more to send than it may, one path, one store: a simulation by events.
///
///     sender --[link: one message after the other]--> half a round trip --> store: group commit
///        ^                                                                          |
///        +------------------- half a round trip <--- one ack a commit --------------+
///
/// The link drops nothing: below a link there is TCP, which turns loss into waiting.
public final class PathRun {
  /// A tenth of a second: the grain in which deliveries are counted.
  static final long TICK_NANOS = 100_000_000L;

  private final PathProfile profile;
  private final ByteWindow window;
  private final Draws draws;
  private final FlightRing flight = new FlightRing();
  private final SimStore store;
  private final Latencies latencies = new Latencies();
  private final long[] ackedBytesByTick;
  private long nowNanos;
  private long sentCount;
  private long ackedCount;
  private long linkFreeNanos;
  private int nextBytes;

  private PathRun(PathProfile profile, Window window, Draws draws) {
    this.profile = profile;
    this.window = new ByteWindow(window);
    this.draws = draws;
    this.store = new SimStore(profile, draws, flight);
    this.ackedBytesByTick = new long[(int) (profile.endNanos() / TICK_NANOS) + 1];
  }

  /// Runs a window over a path; the same seed gives the same result.
  public static PathResult of(PathProfile profile, Window window, long seed) {
    return new PathRun(profile, window, new Draws(seed, 0)).run();
  }

  /// The same with frames of one size instead of messages of many.
  static PathResult ofFrames(PathProfile profile, Window window, long seed, int frameBytes) {
    return new PathRun(profile, window, new Draws(seed, frameBytes)).run();
  }

  private PathResult run() {
    window.onSession(store.firstCreditBytes());
    nextBytes = draws.messageBytes();
    send();
    while (nowNanos < profile.endNanos()) {
      step();
    }
    return new PathResult(
        profile,
        ackedBytesByTick,
        latencies.percentileMillis(50),
        latencies.percentileMillis(99),
        window.windowBytes());
  }

  /// The next thing that happens: a message arrives, a commit ends, an answer comes.
  private void step() {
    long arrival =
        store.arrivedCount() < sentCount
            ? flight.arrivalNanos(store.arrivedCount())
            : Long.MAX_VALUE;
    SimStore.Answer answer = store.answers().peek();
    long answered = answer == null ? Long.MAX_VALUE : answer.nanos();
    nowNanos = Math.min(Math.min(arrival, store.endNanos()), answered);
    if (answer != null && nowNanos == answered) {
      store.answers().remove();
      onAnswer(answer);
      send();
    } else if (nowNanos == arrival) {
      store.onArrival(nowNanos);
    } else {
      store.onCommitted(nowNanos);
    }
  }

  private void onAnswer(SimStore.Answer answer) {
    long bytes = 0;
    long rttNanos = nowNanos - flight.sentNanos(answer.next() - 1);
    for (long i = ackedCount; i < answer.next(); i++) {
      bytes += flight.bytes(i);
      latencies.add(nowNanos - flight.sentNanos(i));
    }
    ackedCount = answer.next();
    int tick = (int) (nowNanos / TICK_NANOS);
    if (tick < ackedBytesByTick.length) {
      ackedBytesByTick[tick] += bytes;
    }
    window.onAck(nowNanos, bytes, rttNanos, answer.commitMicros(), answer.queueMicros());
    window.onCredit(answer.creditLimitBytes());
  }

  private void send() {
    while (FlightRing.hasRoom(ackedCount, sentCount)) {
      if (!window.admits(nowNanos, nextBytes)) {
        return;
      }
      window.onSent(nowNanos, nextBytes);
      double rate = profile.rateAt(Math.max(nowNanos, linkFreeNanos));
      linkFreeNanos = Math.max(nowNanos, linkFreeNanos) + (long) (nextBytes / rate);
      flight.put(sentCount++, nowNanos, linkFreeNanos + profile.oneWayNanos(), nextBytes);
      nextBytes = draws.messageBytes();
    }
    window.onLimited(nowNanos, LimitedBy.CPU);
  }
}
