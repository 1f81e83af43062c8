package dev.weir.cli;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.kv.KvEntry;
import dev.weir.kv.KvEvent;
import dev.weir.kv.KvWatcher;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/// Events between the event loop that gets them and the thread that prints them. When the printer
/// is too far behind, the watch fails.
final class KvEvents implements KvWatcher {
  private static final long MAX_BYTES = 64 << 20;
  private static final int EVENT_BYTES = 128;

  private final BlockingQueue<Object> queue = new LinkedBlockingQueue<>();
  private final AtomicLong bytes = new AtomicLong();

  @Override
  public void onEvent(KvEvent event) {
    if (bytes.addAndGet(size(event)) > MAX_BYTES) {
      onFailure(
          new WeirException(
              ErrorCode.SLOW_CONSUMER, "More than 64 MiB of changes wait to be printed."));
    } else {
      queue.add(event);
    }
  }

  @Override
  public void onFailure(WeirException cause) {
    queue.add(cause);
  }

  private static long size(KvEvent event) {
    return event instanceof KvEvent.Change(KvEntry entry)
        ? EVENT_BYTES + entry.key().length() + entry.value().length()
        : EVENT_BYTES;
  }

  /// The next event.
  ///
  /// @throws WeirException when the watch is over
  KvEvent take() throws InterruptedException {
    Object next = queue.take();
    if (next instanceof WeirException cause) {
      throw cause;
    }
    KvEvent event = (KvEvent) next;
    bytes.addAndGet(-size(event));
    return event;
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }
}
