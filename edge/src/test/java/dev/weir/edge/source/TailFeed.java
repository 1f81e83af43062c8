package dev.weir.edge.source;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import java.nio.file.FileSystems;
import java.util.Map;

/// A [FileTail] that feeds an intake with room for everything, on the test's own thread.
public final class TailFeed {
  private final FileTail tail;

  public TailFeed(FileConfig config, Map<String, Bytes> positions, Intake intake) {
    this.tail =
        new FileTail(
            config,
            positions,
            FileSystems.getDefault(),
            Clock.SYSTEM,
            (messages, changed) ->
                intake.offer(Delivery.of(messages, changed, DeliveryListener.NONE)));
  }

  public void readAll(long nowNanos) {
    try {
      while (tail.step(nowNanos)) {}
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  public void close() {
    tail.close();
  }
}
