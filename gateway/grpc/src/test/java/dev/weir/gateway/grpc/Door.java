package dev.weir.gateway.grpc;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.WeirException;
import dev.weir.broker.LocalBroker;
import dev.weir.broker.LocalBrokerConfig;
import dev.weir.broker.PublishListener;
import dev.weir.broker.PublishRequest;
import dev.weir.broker.embedded.EmbeddedEngine;
import dev.weir.broker.embedded.EmbeddedEngineConfig;
import dev.weir.log.FileDisk;
import dev.weir.message.BatchBuilder;
import dev.weir.message.Message;
import dev.weir.message.Receipt;
import dev.weir.proto.v1.BrokerGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// A broker behind a real gRPC server on loopback, and a channel to it.
final class Door implements AutoCloseable {
  final LocalBroker broker;
  final Server server;
  final ManagedChannel channel;

  Door(Path directory) {
    try {
      EmbeddedEngine engine =
          EmbeddedEngine.open(EmbeddedEngineConfig.of(directory), new FileDisk(), Clock.SYSTEM);
      this.broker = LocalBroker.open(engine, Clock.SYSTEM, LocalBrokerConfig.defaults());
      InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      this.server =
          NettyServerBuilder.forAddress(any).addService(new BrokerService(broker)).build().start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.channel =
        NettyChannelBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()))
            .usePlaintext()
            .maxInboundMessageSize(20 << 20)
            .build();
  }

  BrokerGrpc.BrokerStub stub() {
    return BrokerGrpc.newStub(channel);
  }

  /// Publishes one batch and waits.
  Receipt publish(Message... messages) {
    BatchBuilder builder = new BatchBuilder(16 << 20);
    for (Message message : messages) {
      if (!builder.add(message)) {
        throw new IllegalArgumentException("too many messages for one batch");
      }
    }
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
    if (!broker.offer(PublishRequest.of(builder.build(0, Bytes.EMPTY)), listener)) {
      throw new IllegalStateException("the broker is full");
    }
    return receipt.join();
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.shutdownNow();
    broker.close();
    try {
      var _ = channel.awaitTermination(10, TimeUnit.SECONDS);
      server.awaitTermination();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
