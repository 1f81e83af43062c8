package dev.weir.bench.ship;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.WeirException;
import dev.weir.bench.data.DataSet;
import dev.weir.edge.source.Delivery;
import dev.weir.edge.source.DeliveryListener;
import dev.weir.message.Message;
import dev.weir.node.EdgeNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// Weir's own edge, as `weir edge` runs it with the mode's settings, fed from within the process.
final class EdgeShipper implements Shipper {
  private static final long LOOK_NANOS = 500_000;

  private final EdgeNode edge;
  private final DataSet set;
  private final AckTimes times = new AckTimes();
  private final Outstanding spooling = new Outstanding();
  private final AtomicLong offeredBytes = new AtomicLong();
  private final AtomicLong offeredMessages = new AtomicLong();

  EdgeShipper(LoadPlan plan, Clock clock) throws IOException {
    this.set = plan.set();
    Map<String, String> settings =
        plan.mode()
            .edgeSettings(plan.target().toString(), plan.spool().toString(), plan.spoolBytes());
    this.edge =
        EdgeNode.start(
            EdgeConfigs.of(settings),
            InputStream.nullInputStream(),
            "bench",
            clock,
            lanes -> new TimedLanes(lanes, times, clock));
  }

  @Override
  public void offer(long number, byte[] body) throws InterruptedException {
    Message message =
        Message.of(ShipWords.TOPIC, Bytes.wrap(body)).withContentType(set.contentType());
    spooling.begin();
    offeredMessages.incrementAndGet();
    offeredBytes.addAndGet(body.length);
    if (!edge.take(Delivery.of(List.of(message), Map.of(), new Spooled()))) {
      throw new IllegalStateException("the edge takes nothing more");
    }
  }

  private final class Spooled implements DeliveryListener {
    @Override
    public void durable() {
      spooling.done();
    }

    @Override
    public void failed(WeirException cause) {
      spooling.fail(cause);
    }
  }

  @Override
  public void awaitAcked() throws InterruptedException {
    spooling.awaitNone();
    while (edge.stats().spool().unackedMessages() > 0) {
      LockSupport.parkNanos(LOOK_NANOS);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  /// In proportion to the messages: frames count no bytes of bodies.
  @Override
  public long ackedBytes() {
    long messages = Math.max(1, offeredMessages.get());
    return (long) ((double) offeredBytes.get() / messages * times.ackedMessages());
  }

  @Override
  public AckTimes times() {
    return times;
  }

  @Override
  public void close() {
    edge.close();
  }
}
