package dev.weir.sim;

/// The messages in flight, oldest first: when each was sent and arrives, and its size.
final class FlightRing {
  private static final int SLOTS = 1 << 18;

  private final long[] sentNanos = new long[SLOTS];
  private final long[] arrivalNanos = new long[SLOTS];
  private final int[] bytes = new int[SLOTS];

  void put(long index, long sent, long arrival, int size) {
    int slot = (int) index & (SLOTS - 1);
    sentNanos[slot] = sent;
    arrivalNanos[slot] = arrival;
    bytes[slot] = size;
  }

  long sentNanos(long index) {
    return sentNanos[(int) index & (SLOTS - 1)];
  }

  long arrivalNanos(long index) {
    return arrivalNanos[(int) index & (SLOTS - 1)];
  }

  int bytes(long index) {
    return bytes[(int) index & (SLOTS - 1)];
  }

  static boolean hasRoom(long first, long next) {
    return next - first < SLOTS;
  }
}
