package dev.weir.edge.source;

import dev.weir.base.WeirException;

/// Told once what became of a delivery, on the batcher's or the log's thread: must be quick.
public interface DeliveryListener {
  /// For sources that have nobody to tell.
  DeliveryListener NONE =
      new DeliveryListener() {
        @Override
        public void durable() {}

        @Override
        public void failed(WeirException cause) {}
      };

  /// Every message of the delivery is on disk.
  void durable();

  /// Not all messages of the delivery will be stored.
  void failed(WeirException cause);
}
