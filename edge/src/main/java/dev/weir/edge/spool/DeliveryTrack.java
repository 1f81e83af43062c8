package dev.weir.edge.spool;

import dev.weir.base.WeirException;
import dev.weir.edge.source.DeliveryListener;
import java.util.concurrent.atomic.AtomicBoolean;

/// Tells a delivery's listener once, although the delivery may lie in several frames: durable with
/// the last one, failed with the first that fails. Any thread.
final class DeliveryTrack {
  private final DeliveryListener listener;
  private final AtomicBoolean isTold = new AtomicBoolean();

  DeliveryTrack(DeliveryListener listener) {
    this.listener = listener;
  }

  void lastDurable() {
    if (isTold.compareAndSet(false, true)) {
      listener.durable();
    }
  }

  void failed(WeirException cause) {
    if (isTold.compareAndSet(false, true)) {
      listener.failed(cause);
    }
  }
}
