package dev.weir.lab;

import dev.weir.base.Clock;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Carries one direction: reads packets from one device, keeps each until its time, writes it to
/// the other. One turn reads what is there, writes what is due, and waits until the next is due or
/// arrives; the wait is a ppoll with a sharp timer, so that a packet is at most some 20 µs late.
///
/// A platform thread `weir-lab-out` or `weir-lab-back` of its own; settings come in and totals go
/// out through volatile fields.
final class LineDuty implements AutoCloseable {
  /// 130 µs: what a packet loses on either side of its delay, until this thread, then the receiver
  /// wake up. Measured as 0.26 to 0.43 ms of each round trip, whatever its length, on an idle
  /// machine of two cores.
  private static final long WAKE_UP_NANOS = 130_000;

  /// Bounds a turn, so that what is due is not kept waiting by what arrives.
  private static final int READS_PER_TURN = 32;

  /// What may be on its way: 400 Mbit/s for 3 s in packets of 9000 bytes.
  private static final int MAX_PACKETS = 16_384;

  /// How soon a close and a change of settings are seen on an idle line.
  private static final long LONGEST_WAIT_NANOS = 5_000_000;

  private final TunDevice source;
  private final TunDevice sink;
  private final int packetBytes;
  private final Line line;
  private final Clock clock;
  private final Thread thread;
  private final PriorityQueue<Packet> onTheWay =
      new PriorityQueue<>(
          Comparator.comparingLong(Packet::releaseNanos).thenComparingLong(Packet::number));
  private final ArrayDeque<MemorySegment> freeSlots = new ArrayDeque<>();
  private long number;
  private long packets;
  private long bytes;
  private long dropped;
  private volatile @Nullable LineSettings changed;
  private volatile LineTotals totals = new LineTotals(0, 0, 0);
  private volatile boolean isClosed;

  /// A packet, and when it comes out; the number keeps those of one instant in order.
  private record Packet(MemorySegment slot, int length, long releaseNanos, long number) {}

  LineDuty(
      Way way,
      TunDevice source,
      TunDevice sink,
      int mtu,
      LineSettings settings,
      RandomGenerator random,
      Clock clock) {
    this.source = source;
    this.sink = sink;
    this.packetBytes = mtu + 64;
    this.line = new Line(settings, random);
    this.clock = clock;
    this.thread =
        Thread.ofPlatform()
            .name(way == Way.OUT ? "weir-lab-out" : "weir-lab-back")
            .daemon()
            .unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /// Holds for packets read from the next turn on.
  void change(LineSettings settings) {
    changed = settings;
  }

  LineTotals totals() {
    return totals;
  }

  private void run() {
    try (Arena arena = Arena.ofConfined()) {
      Native calls = new Native(arena);
      calls.sharpenTimers();
      while (!isClosed) {
        takeSettings();
        readWhatIsThere(calls, arena);
        writeWhatIsDue(calls);
        totals = new LineTotals(packets, bytes, dropped);
        calls.awaitReadable(source.descriptor(), waitNanos());
      }
    }
  }

  private void takeSettings() {
    LineSettings settings = changed;
    if (settings != null) {
      line.change(settings);
      changed = null;
    }
  }

  private void readWhatIsThere(Native calls, Arena arena) {
    for (int i = 0; i < READS_PER_TURN; i++) {
      MemorySegment slot = slot(arena);
      int length = calls.read(source.descriptor(), slot);
      if (length <= 0) {
        freeSlots.push(slot);
        return;
      }
      long releaseNanos = line.schedule(length, clock.nanoTime());
      if (releaseNanos == Line.DROPPED || onTheWay.size() >= MAX_PACKETS) {
        dropped++;
        freeSlots.push(slot);
      } else {
        onTheWay.add(new Packet(slot, length, releaseNanos - WAKE_UP_NANOS, number++));
      }
    }
  }

  private MemorySegment slot(Arena arena) {
    MemorySegment free = freeSlots.poll();
    if (free == null) {
      return arena.allocate(packetBytes);
    }
    return free;
  }

  private void writeWhatIsDue(Native calls) {
    Packet next = onTheWay.peek();
    while (next != null && next.releaseNanos() - clock.nanoTime() <= 0) {
      onTheWay.poll();
      if (calls.write(sink.descriptor(), next.slot(), next.length()) == next.length()) {
        packets++;
        bytes += next.length();
      } else {
        dropped++;
      }
      freeSlots.push(next.slot());
      next = onTheWay.peek();
    }
  }

  private long waitNanos() {
    Packet next = onTheWay.peek();
    return next == null
        ? LONGEST_WAIT_NANOS
        : Math.clamp(next.releaseNanos() - clock.nanoTime(), 0, LONGEST_WAIT_NANOS);
  }

  /// Ends the thread; packets on their way are gone. Idempotent.
  @Override
  public void close() {
    isClosed = true;
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
