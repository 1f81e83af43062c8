package dev.weir.wire;

import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// Hands work from any thread to a connection's event loop, in each thread's order, without
/// allocating: a ring of slots that are filled in place.
///
/// A slot's turn is the position at which it is next claimed. A producer takes position `p` by
/// moving the tail, fills the slot and sets its turn to `p + 1`; the loop takes the slot at its
/// head once its turn says so, and sets it to `p + size` for the next round. After D. Vyukov's
/// bounded multi-producer queue.
final class SubmitQueue {
  /// What the loop is to do.
  enum Work {
    MESSAGE,
    CALL,
    CONSUMED,
    TASK
  }

  /// One piece of work. Fields are written by the producer that claimed the slot and read by the
  /// loop, in turn.
  static final class Slot {
    @SuppressWarnings("unused") // Through TURN.
    private volatile long turn;

    Work work = Work.TASK;
    @Nullable WireStream stream;
    FrameType type = FrameType.MSG;
    int mid;
    int flags;
    @Nullable ByteBuf body;
    long deadlineNanos;
    long route;
    long bytes;

    /// A reply handler or a task, by the kind of work.
    @Nullable Object extra;
  }

  private static final VarHandle TURN;
  private static final VarHandle TAIL;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      TURN = lookup.findVarHandle(Slot.class, "turn", long.class);
      TAIL = lookup.findVarHandle(SubmitQueue.class, "tail", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Slot[] slots;

  @SuppressWarnings("unused") // Through TAIL.
  private volatile long tail;

  private long head;

  /// @param size a power of two
  SubmitQueue(int size) {
    slots = new Slot[size];
    for (int i = 0; i < size; i++) {
      slots[i] = new Slot();
      slots[i].turn = i;
    }
  }

  /// A slot to fill and [#publish]; null when the queue is full. Any thread.
  @Nullable Slot claim() {
    long position = (long) TAIL.getVolatile(this);
    while (true) {
      Slot slot = slots[(int) position & (slots.length - 1)];
      long lead = (long) TURN.getAcquire(slot) - position;
      if (lead < 0) {
        return null;
      }
      if (lead == 0) {
        long witness = (long) TAIL.compareAndExchange(this, position, position + 1);
        if (witness == position) {
          return slot;
        }
        position = witness;
      } else {
        position = (long) TAIL.getVolatile(this);
      }
    }
  }

  /// Makes a claimed slot visible to the loop.
  void publish(Slot slot) {
    TURN.setRelease(slot, (long) TURN.get(slot) + 1);
  }

  /// The next slot in order; null when there is none. The loop only.
  @Nullable Slot peek() {
    Slot slot = slots[(int) head & (slots.length - 1)];
    return (long) TURN.getAcquire(slot) == head + 1 ? slot : null;
  }

  /// Gives back the slot that [#peek] gave. The loop only.
  void release(Slot slot) {
    slot.stream = null;
    slot.body = null;
    slot.extra = null;
    TURN.setRelease(slot, head + slots.length);
    head++;
  }
}
