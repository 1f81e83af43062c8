package dev.weir.bench.ship;

import dev.weir.base.Clock;
import dev.weir.link.GrpcTransport;
import dev.weir.proto.DataSinkGrpc;
import dev.weir.proto.Request;
import dev.weir.proto.Response;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The published design: one stream of the version 1 contract, at most so many messages in flight,
/// each acked by its id. One thread sends; acks come on an event loop.
final class StreamShipper implements Shipper {
  private final int inFlightLimit;
  private final Clock clock;
  private final GrpcTransport transport;
  private final DurableFeed feed;
  private final ManagedChannel channel;
  private final StreamObserver<Request> requests;
  private final Thread sender;
  private final Map<String, Sent> sent = new ConcurrentHashMap<>();
  private final AckTimes times = new AckTimes();
  private final Outstanding offered = new Outstanding();
  private final Outstanding inFlight = new Outstanding();

  private record Sent(DurableFeed.Item item, long nanos) {}

  StreamShipper(int inFlightLimit, URI target, Path spool, Clock clock) throws IOException {
    this.inFlightLimit = inFlightLimit;
    this.clock = clock;
    this.transport = GrpcTransport.start("bench", 1);
    this.feed = new DurableFeed(spool, clock);
    this.channel = transport.channel(target.getHost(), target.getPort()).build();
    this.requests = DataSinkGrpc.newStub(channel).send(new Acks());
    this.sender = Thread.ofPlatform().name("weir-bench-stream").daemon().start(this::work);
  }

  private void work() {
    try {
      while (true) {
        inFlight.awaitBelow(inFlightLimit);
        DurableFeed.Item item = feed.take();
        inFlight.begin();
        Request request = PutShipper.request(item);
        sent.put(request.getMessageId().toStringUtf8(), new Sent(item, clock.nanoTime()));
        requests.onNext(request);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      offered.fail(e);
    }
  }

  private final class Acks implements StreamObserver<Response> {
    @Override
    public void onNext(Response response) {
      response.getAck().getMessageIdsList().forEach(id -> acked(id.toStringUtf8()));
    }

    @Override
    public void onError(Throwable failure) {
      offered.fail(failure);
      inFlight.fail(failure);
    }

    @Override
    public void onCompleted() {
      onError(new IOException("the core ended the stream"));
    }
  }

  private void acked(String id) {
    @Nullable Sent acked = sent.remove(id);
    if (acked != null) {
      times.record(clock.nanoTime() - acked.nanos());
      times.acked(1, acked.item().body().length());
      feed.done(acked.item());
      inFlight.done();
      offered.done();
    }
  }

  @Override
  public void offer(long number, byte[] body) throws InterruptedException {
    offered.begin();
    feed.put(number, body);
  }

  @Override
  public void awaitAcked() throws InterruptedException {
    offered.awaitNone();
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
    sender.interrupt();
    channel.shutdownNow();
    transport.close();
    feed.close();
  }
}
