package dev.weir.bench.ship;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.weir.base.Clock;
import dev.weir.link.GrpcTransport;
import dev.weir.proto.Request;
import dev.weir.proto.v1.DataSinkGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The synchronous baseline: so many connections, each with one unary `Put` at a time that returns
/// once its message is durable. A virtual thread per connection.
final class PutShipper implements Shipper {
  private static final int ATTEMPTS = 10;

  private final Clock clock;
  private final GrpcTransport transport;
  private final DurableFeed feed;
  private final List<ManagedChannel> channels = new ArrayList<>();
  private final List<Thread> workers = new ArrayList<>();
  private final AckTimes times = new AckTimes();
  private final Outstanding outstanding = new Outstanding();

  PutShipper(int connections, URI target, Path spool, Clock clock) throws IOException {
    this.clock = clock;
    this.transport = GrpcTransport.start("bench", 1);
    this.feed = new DurableFeed(spool, clock);
    for (int i = 0; i < connections; i++) {
      ManagedChannel channel = transport.channel(target.getHost(), target.getPort()).build();
      channels.add(channel);
      workers.add(Thread.ofVirtual().name("weir-bench-put-" + i).start(() -> work(channel)));
    }
  }

  private void work(ManagedChannel channel) {
    DataSinkGrpc.DataSinkBlockingStub stub = DataSinkGrpc.newBlockingStub(channel);
    try {
      while (true) {
        DurableFeed.Item item = feed.take();
        Request request = request(item);
        long sentNanos = clock.nanoTime();
        put(stub, request);
        times.record(clock.nanoTime() - sentNanos);
        times.acked(1, item.body().length());
        feed.done(item);
        outstanding.done();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      outstanding.fail(e);
    }
  }

  /// Puts until it is stored: many connections on a thin line make TCP give one up now and then.
  /// The core knows the message by its id when it has stored it already.
  private static void put(DataSinkGrpc.DataSinkBlockingStub stub, Request request) {
    for (int attempt = 1; ; attempt++) {
      try {
        var _ = stub.put(request);
        return;
      } catch (StatusRuntimeException e) {
        if (e.getStatus().getCode() != Status.Code.UNAVAILABLE || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  static Request request(DurableFeed.Item item) {
    return Request.newBuilder()
        .setVersion(1)
        .setMessageId(ByteString.copyFromUtf8(Long.toString(item.number())))
        .setPlainMessage(UnsafeByteOperations.unsafeWrap(item.body().array()))
        .build();
  }

  @Override
  public void offer(long number, byte[] body) throws InterruptedException {
    outstanding.begin();
    feed.put(number, body);
  }

  @Override
  public void awaitAcked() throws InterruptedException {
    outstanding.awaitNone();
  }

  @Override
  public long ackedBytes() {
    return times.ackedBytes();
  }

  @Override
  public AckTimes times() {
    return times;
  }

  @Override
  public void close() {
    workers.forEach(Thread::interrupt);
    channels.forEach(ManagedChannel::shutdownNow);
    transport.close();
    feed.close();
  }
}
