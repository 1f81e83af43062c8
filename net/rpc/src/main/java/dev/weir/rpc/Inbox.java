package dev.weir.rpc;

import io.grpc.Context;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// What came for one call and was not handed to its listener yet: in order, on the call's executor,
/// one at a time, messages only as many as were asked for.
///
/// Whoever finds nobody at work does the work: a counter of what was announced says whether there
/// is more. With a direct executor that is the connection's event loop, and a message is read where
/// it lies in the receive buffer; elsewhere a small one is copied, and a large one keeps the
/// buffers that it came in. How much can wait is bounded by the stream's credit, which is given
/// back when a message is handed over.
final class Inbox implements Runnable {
  /// Hands over what is not queued as a task. Runs on the call's executor.
  interface Reader {
    /// @param creditBytes to be given back to the stream
    void onMessage(int flags, ByteBuf buffer, int index, int length, long creditBytes);

    void onReady();

    /// The listener, or what is before it, threw.
    void onFault(Throwable fault);

    /// The executor takes nothing more: the call ends, and its listener cannot be told.
    void onRejected();
  }

  /// A message of a frame or more fills most of the buffers that it keeps, and copying it costs as
  /// much as reading it from the socket.
  private static final int KEPT_BYTES = 64 << 10;

  /// @param body the queue's, until it is handed over or dropped
  private record Waiting(int flags, ByteBuf body, long creditBytes) {}

  private final Reader reader;
  private final @Nullable Executor executor;
  private final ConcurrentLinkedQueue<Object> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger announced = new AtomicInteger();
  private final AtomicLong requested = new AtomicLong();
  private final Runnable allTask = this::handOverAll;
  private volatile Context context;
  private volatile @Nullable EventLoop loop;
  private volatile boolean isReadyDue;
  private volatile @Nullable Runnable last;

  /// Only whoever works changes it.
  private volatile boolean isOver;

  /// @param executor null for the connection's event loop
  Inbox(Reader reader, @Nullable Executor executor, Context context) {
    this.reader = reader;
    this.executor = executor;
    this.context = context;
  }

  /// The loop that a direct executor means; until then it is whoever comes.
  void attach(EventLoop found) {
    loop = found;
  }

  void useContext(Context other) {
    context = other;
  }

  /// The listener takes so many messages more.
  void request(int count) {
    requested.updateAndGet(before -> before + count < 0 ? Long.MAX_VALUE : before + count);
    if (!queue.isEmpty()) {
      schedule();
    }
  }

  /// Queues a task in the order of messages.
  void add(Runnable task) {
    queue.add(task);
    schedule();
  }

  /// Queues a task; something that schedules follows.
  void addLater(Runnable task) {
    queue.add(task);
  }

  /// Queues a message; something that schedules follows.
  void addLater(int flags, ByteBuf buffer, int index, int length, long creditBytes) {
    ByteBuf body =
        length < KEPT_BYTES ? copy(buffer, index, length) : buffer.retainedSlice(index, length);
    queue.add(new Waiting(flags, body, creditBytes));
    if (isOver) {
      drop();
    }
  }

  private static ByteBuf copy(ByteBuf buffer, int index, int length) {
    byte[] copy = new byte[length];
    buffer.getBytes(index, copy);
    return Unpooled.wrappedBuffer(copy);
  }

  /// Lets go of everything that waits, once the call is over. Any thread: a message is taken from
  /// the queue once, and whoever takes it releases it.
  private void drop() {
    for (Object next = queue.poll(); next != null; next = queue.poll()) {
      if (next instanceof Waiting message) {
        message.body.release();
      }
    }
  }

  /// The call may send again.
  void ready() {
    isReadyDue = true;
    schedule();
  }

  /// Ends the call with a last task, past everything that waits.
  void end(Runnable task) {
    last = task;
    schedule();
  }

  /// Runs a task at once if the caller, on the event loop, may hand things over itself and nothing
  /// is before it.
  boolean handOver(Runnable task) {
    if (executor != null || !announced.compareAndSet(0, 1)) {
      return false;
    }
    boolean isFree = queue.isEmpty() && !isReadyDue && last == null && !isOver;
    work(isFree ? task : null);
    return isFree;
  }

  /// Takes one of the messages asked for. Only whoever works.
  boolean takeRequest() {
    if (requested.get() == 0) {
      return false;
    }
    requested.decrementAndGet();
    return true;
  }

  /// The call is over: nothing more is handed over. Only whoever works.
  void close() {
    isOver = true;
    drop();
  }

  boolean isOver() {
    return isOver;
  }

  void schedule() {
    if (announced.getAndIncrement() == 0) {
      dispatch();
    }
  }

  private void dispatch() {
    EventLoop known = loop;
    try {
      if (executor != null) {
        executor.execute(this);
      } else if (known == null || known.inEventLoop()) {
        run();
      } else {
        known.execute(this);
      }
    } catch (RejectedExecutionException e) {
      if (!isOver) {
        isOver = true;
        drop();
        reader.onRejected();
      }
    }
  }

  @Override
  public void run() {
    work(null);
  }

  private void work(@Nullable Runnable task) {
    Context mine = context;
    Context before = mine.attach();
    try {
      int seen = 1;
      if (task != null) {
        guarded(task);
      }
      do {
        guarded(allTask);
        seen = announced.addAndGet(-seen);
      } while (seen != 0);
    } finally {
      mine.detach(before);
    }
  }

  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (Throwable fault) {
      reader.onFault(fault);
    }
  }

  private void handOverAll() {
    while (!isOver) {
      Runnable end = last;
      if (end != null) {
        isOver = true;
        drop();
        end.run();
      } else if (isReadyDue) {
        isReadyDue = false;
        reader.onReady();
      } else if (!handOverNext()) {
        return;
      }
    }
    drop();
  }

  private boolean handOverNext() {
    Object next = queue.peek();
    if (next instanceof Waiting message) {
      if (!takeRequest()) {
        return false;
      }
      queue.poll();
      ByteBuf body = message.body;
      try {
        int index = body.readerIndex();
        reader.onMessage(message.flags, body, index, body.readableBytes(), message.creditBytes);
      } finally {
        body.release();
      }
      return true;
    }
    if (next instanceof Runnable task) {
      queue.poll();
      task.run();
      return true;
    }
    return false;
  }
}
