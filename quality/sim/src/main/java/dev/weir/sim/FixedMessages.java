package dev.weir.sim;

import java.util.ArrayDeque;

/// The published design: so many messages in flight, whatever their size.
final class FixedMessages extends Rival {
  private final int messages;
  private final ArrayDeque<Long> inFlight = new ArrayDeque<>();
  private long partBytes;

  FixedMessages(int messages) {
    this.messages = messages;
  }

  @Override
  public void onSent(long nowNanos, long bytes) {
    inFlight.add(bytes);
  }

  @Override
  public void onAck(long nowNanos, long bytes, long rttNanos, long commitMicros, long queueMicros) {
    partBytes += bytes;
    while (!inFlight.isEmpty() && partBytes >= inFlight.peek()) {
      partBytes -= inFlight.remove();
    }
  }

  @Override
  public long limitBytes() {
    return inFlight.size() < messages ? Long.MAX_VALUE / 2 : 1;
  }
}
