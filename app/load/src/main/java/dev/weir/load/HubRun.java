package dev.weir.load;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/// One run: a publisher sends, readers read, every message is looked for.
///
/// The problem: hubs differ in what they do with a publisher that is faster than its readers; one
/// keeps everything, another drops. The idea: no more messages are under way than the window, end
/// to end, so that none has to, and memory is the same for all. With a rate, messages are sent when
/// they are due and timed from then, also those that something held up.
///
/// One thread runs it; readers and outcomes come on threads of the hub's client.
final class HubRun implements Hub.Reader, Hub.Outcome {
  /// Without any progress for so long the rest is lost.
  static final Duration PATIENCE = Duration.ofSeconds(10);

  /// The kernel's own slack is some 50 µs.
  private static final long LOOK_NANOS = 20_000;

  private static final long SEED = 7;

  private final HubPlan plan;
  private final long patienceNanos;
  private final Audit audit;
  private final Bodies bodies;
  private final List<Histogram> latencies = new ArrayList<>();
  private final AtomicLong accepted = new AtomicLong();
  private volatile String failure = "";

  /// By the reader that came last; racy, which moves the end of a run by less than a message.
  private volatile long lastNanos;

  private long sent;

  HubRun(HubPlan plan, Duration patience) {
    this.plan = plan;
    this.patienceNanos = patience.toNanos();
    this.audit = plan.isQueue() ? new QueueAudit(plan.readers()) : new FanOutAudit(plan.readers());
    this.bodies = new Bodies(plan.bytes(), SEED);
    for (int i = 0; i < plan.readers(); i++) {
      Histogram latency = new Histogram(TimeUnit.MINUTES.toNanos(2), 2);
      latency.setAutoResize(true);
      latencies.add(latency);
    }
  }

  /// @param name that no run has used on this hub
  /// @throws IOException when the hub took nothing
  HubFigures run(Hub hub, String name) throws Exception {
    long startNanos;
    try (Hub.Route route =
        plan.isQueue()
            ? hub.queue(name, plan.readers(), this)
            : hub.fanOut(name, plan.readers(), this)) {
      startNanos = System.nanoTime();
      lastNanos = startNanos;
      send(route, startNanos);
      route.flush();
      drain();
    }
    Audit.Verdict verdict = audit.verdict(sent);
    if (verdict.deliveries() == 0) {
      throw new IOException("nothing was delivered of " + sent + " messages; " + failure);
    }
    Histogram all = new Histogram(TimeUnit.MINUTES.toNanos(2), 2);
    all.setAutoResize(true);
    latencies.forEach(all::add);
    long unanswered = sent - accepted.get();
    return HubFigures.of(sent, Math.max(1, lastNanos - startNanos), all, unanswered, verdict);
  }

  private void send(Hub.Route route, long startNanos) throws Exception {
    Duration time = plan.time();
    long endNanos = startNanos + time.toNanos();
    for (long now = startNanos; now < endNanos && failure.isEmpty(); now = System.nanoTime()) {
      long due = now;
      if (plan.perSecond() > 0) {
        due = startNanos + (long) (sent * 1e9 / plan.perSecond());
        if (due >= endNanos) {
          return;
        }
        await(route, due);
      } else if (sent - audit.arrived() >= plan.window()) {
        route.flush();
        LockSupport.parkNanos(LOOK_NANOS);
        continue;
      }
      route.send(bodies.body(sent, plan.perSecond() > 0 ? due : System.nanoTime()), this);
      sent++;
    }
  }

  private static void await(Hub.Route route, long dueNanos) throws Exception {
    if (System.nanoTime() < dueNanos) {
      route.flush();
    }
    for (long left = dueNanos - System.nanoTime(); left > 0; left = dueNanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private void drain() {
    long seen = -1;
    long sinceNanos = System.nanoTime();
    while (failure.isEmpty() && (audit.arrived() < sent || accepted.get() < sent)) {
      long now = System.nanoTime();
      long progress = audit.verdict(sent).deliveries() + accepted.get();
      if (progress != seen) {
        seen = progress;
        sinceNanos = now;
      } else if (now - sinceNanos > patienceNanos) {
        return;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  @Override
  public void received(int reader, byte[] bytes, int offset, int length) {
    if (!bodies.isWhole(bytes, offset, length)) {
      audit.damaged();
      return;
    }
    long now = System.nanoTime();
    latencies.get(reader).recordValue(Math.max(0, now - Bodies.nanos(bytes, offset)));
    lastNanos = now;
    audit.received(reader, Bodies.sequence(bytes, offset));
  }

  @Override
  public void accepted(int count) {
    accepted.addAndGet(count);
  }

  /// The first one ends it: figures of a hub that refuses are worth nothing.
  @Override
  public void failed(String why) {
    if (failure.isEmpty()) {
      failure = why;
    }
  }
}
