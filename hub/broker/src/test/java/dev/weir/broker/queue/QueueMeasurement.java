package dev.weir.broker.queue;

import java.util.Locale;
import java.util.SplittableRandom;

/// What a backlog costs: a program, no test. Prints memory and time of a queue of ten million
/// messages, or of as many as the first argument says, every n-th of the stream by the second.
final class QueueMeasurement {
  private static final int DEFAULT_MESSAGES = 10_000_000;

  private QueueMeasurement() {}

  public static void main(String[] arguments) {
    int messages = arguments.length > 0 ? Integer.parseInt(arguments[0]) : DEFAULT_MESSAGES;
    int spread = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1;
    for (Ordering ordering : Ordering.values()) {
      measure(ordering, messages, spread);
    }
  }

  private static void measure(Ordering ordering, int messages, int spread) {
    QueueSettings settings = QueueSettings.defaults().withOrdering(ordering);
    Silent silent = new Silent();
    long before = usedBytes();
    QueueMachine machine =
        new QueueMachine(
            settings,
            QueueLimits.STANDARD,
            new QueueState(),
            silent,
            new SplittableRandom(1),
            0,
            0);
    long start = System.nanoTime();
    for (int i = 0; i < messages; i++) {
      machine.enqueue(arrival((long) i * spread), 0);
    }
    print(ordering, "enqueued", messages, System.nanoTime() - start);
    System.out.printf(
        Locale.ROOT, "%s holds %.1f MiB%n", ordering, (usedBytes() - before) / 1048576.0);
    start = System.nanoTime();
    long kept = machine.view().state().size();
    print(ordering, "state of " + kept, messages, System.nanoTime() - start);
    start = System.nanoTime();
    drain(machine);
    print(ordering, "acked " + silent.removed, messages, System.nanoTime() - start);
  }

  private static Arrival arrival(long position) {
    return new Arrival(position, 1 + position % 1_000, 4, 0, Long.MAX_VALUE);
  }

  private static void drain(QueueMachine machine) {
    machine.attach(1, 64);
    boolean isGoingOn = true;
    while (isGoingOn) {
      for (long position : machine.wanted(256)) {
        machine.load(arrival(position), 0);
      }
      Handout handout = machine.next(0);
      isGoingOn = handout != null && machine.ack(handout.position(), handout.lease(), 0);
    }
  }

  private static void print(Ordering ordering, String what, int messages, long nanos) {
    System.out.printf(
        Locale.ROOT, "%s %s: %.0f ns a message%n", ordering, what, (double) nanos / messages);
  }

  private static long usedBytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  /// Counts.
  private static final class Silent implements QueueListener {
    private long removed;

    @Override
    public void removed(long position, int level, RemovalReason reason, int deliveries) {
      removed++;
    }

    @Override
    public void returned(long position, int deliveries, long dueMicros) {}
  }
}
