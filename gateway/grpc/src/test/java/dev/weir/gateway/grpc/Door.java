package dev.weir.gateway.grpc;

import dev.weir.auth.SessionBook;
import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.WeirException;
import dev.weir.broker.LocalBroker;
import dev.weir.broker.LocalBrokerConfig;
import dev.weir.broker.PublishListener;
import dev.weir.broker.PublishRequest;
import dev.weir.broker.QueueSpec;
import dev.weir.broker.embedded.EmbeddedEngine;
import dev.weir.broker.embedded.EmbeddedEngineConfig;
import dev.weir.gateway.port.Connections;
import dev.weir.link.GrpcTransport;
import dev.weir.link.LinkServer;
import dev.weir.link.LinkServerConfig;
import dev.weir.log.FileDisk;
import dev.weir.message.Batch;
import dev.weir.message.BatchBuilder;
import dev.weir.message.Message;
import dev.weir.message.Receipt;
import dev.weir.proto.v1.BrokerGrpc;
import dev.weir.testkit.Eventually;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/// A core on a real socket of the loopback: broker, subscriptions and links; and a channel to it.
final class Door implements AutoCloseable {
  private static final int CALM_LOOKS = 50;

  final LocalBroker broker;
  final ManagedChannel channel;
  final GrpcDoor door;
  private final GrpcTransport transport = GrpcTransport.start("test-door", 2);
  private final LinkServer links;
  private final Server server;
  private final List<ManagedChannel> narrowChannels = new CopyOnWriteArrayList<>();

  Door(Path directory) {
    this(directory, 0);
  }

  Door(Path directory, int port) {
    try {
      EmbeddedEngine engine =
          EmbeddedEngine.open(EmbeddedEngineConfig.of(directory), new FileDisk(), Clock.SYSTEM);
      this.broker = LocalBroker.open(engine, Clock.SYSTEM, LocalBrokerConfig.defaults());
      this.links =
          new LinkServer(
              LinkServerConfig.of("door"), new BrokerLinkStore(broker, Clock.SYSTEM), Clock.SYSTEM);
      this.door =
          new GrpcDoor(
              broker,
              links.services(),
              new Connections(Clock.SYSTEM),
              SessionBook.NONE,
              Clock.SYSTEM);
      this.server =
          transport
              .server(
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                  new ByteSize(GrpcTransport.MAX_MESSAGE_BYTES))
              .addStreamTracerFactory(links.tracerFactory())
              .addServices(door.services())
              .build()
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.channel =
        NettyChannelBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port()))
            .usePlaintext()
            .maxInboundMessageSize(20 << 20)
            .build();
  }

  int port() {
    return server.getPort();
  }

  URI uri() {
    return URI.create("grpc://127.0.0.1:" + port());
  }

  /// Another channel, whose client takes 64 KiB ahead and no more. Closed with the door.
  ManagedChannel narrowChannel() {
    ManagedChannel narrow =
        NettyChannelBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port()))
            .usePlaintext()
            .flowControlWindow(64 << 10)
            .build();
    narrowChannels.add(narrow);
    return narrow;
  }

  BrokerGrpc.BrokerStub stub() {
    return BrokerGrpc.newStub(channel);
  }

  void create(QueueSpec spec) {
    broker.queues().create(spec).toCompletableFuture().join();
  }

  void awaitLength(String queue, long length) {
    Eventually.eventually(
        length + " messages in " + queue,
        () -> broker.queues().details(queue).figures().length() == length);
  }

  /// Waits until nothing is stored or handed out for a while: whatever moves has stopped.
  void awaitCalm() {
    long[] seen = {-1, 0};
    Eventually.eventually(
        "nothing moves",
        () -> {
          long moved =
              broker.stats().storedMessages()
                  + broker.queues().list().stream().mapToLong(each -> each.figures().held()).sum();
          seen[1] = moved == seen[0] && moved > 0 ? seen[1] + 1 : 0;
          seen[0] = moved;
          return seen[1] >= CALM_LOOKS;
        });
  }

  /// Publishes one batch and waits.
  Receipt publish(Message... messages) {
    BatchBuilder builder = new BatchBuilder(16 << 20);
    for (Message message : messages) {
      if (!builder.add(message)) {
        throw new IllegalArgumentException("too many messages for one batch");
      }
    }
    return publish(builder.build(0, Bytes.EMPTY));
  }

  /// Publishes a batch as it is and waits.
  Receipt publish(Batch batch) {
    CompletableFuture<Receipt> receipt = new CompletableFuture<>();
    PublishListener listener =
        new PublishListener() {
          @Override
          public void stored(Receipt stored, long commitMicros, long queueMicros) {
            receipt.complete(stored);
          }

          @Override
          public void failed(WeirException cause) {
            receipt.completeExceptionally(cause);
          }
        };
    if (!broker.offer(PublishRequest.of(batch), listener)) {
      throw new IllegalStateException("the broker is full");
    }
    return receipt.join();
  }

  /// Cuts every connection, then closes the broker.
  @Override
  public void close() {
    channel.shutdownNow();
    narrowChannels.forEach(ManagedChannel::shutdownNow);
    server.shutdownNow();
    try {
      var _ = channel.awaitTermination(10, TimeUnit.SECONDS);
      for (ManagedChannel narrow : narrowChannels) {
        var _ = narrow.awaitTermination(10, TimeUnit.SECONDS);
      }
      var _ = server.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    links.close();
    broker.close();
    transport.close();
  }
}
