package dev.weir.client;

import dev.weir.proto.ReceiptDurability;
import dev.weir.proto.v1.BrokerGrpc;
import dev.weir.proto.v1.ConsumeRequest;
import dev.weir.proto.v1.ConsumeResponse;
import dev.weir.proto.v1.ConsumerOpened;
import dev.weir.proto.v1.Message;
import dev.weir.proto.v1.PublishReceipt;
import dev.weir.proto.v1.PublishRequest;
import dev.weir.proto.v1.PublishResponse;
import dev.weir.proto.v1.QueueDelivery;
import dev.weir.proto.v1.QueuedMessage;
import dev.weir.proto.v1.Settled;
import dev.weir.proto.v1.SettledSeveral;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/// The smallest core with one queue, as it was before several things went in one message, or since.
/// It keeps what it was asked.
final class QueueCore implements AutoCloseable {
  private static final int DELIVERED = 100;

  private final boolean isGathering;
  private final Server server;
  private final List<PublishRequest> published = new ArrayList<>();
  private final List<ConsumeRequest> consumed = new ArrayList<>();
  private long offset;

  QueueCore(boolean isGathering, int maxMessageBytes) {
    this.isGathering = isGathering;
    try {
      this.server =
          NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
              .directExecutor()
              .maxInboundMessageSize(maxMessageBytes)
              .addService(new Service())
              .build()
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  WeirClient client() {
    return WeirClient.connect(URI.create("weir://127.0.0.1:" + server.getPort()));
  }

  synchronized List<PublishRequest> published() {
    return List.copyOf(published);
  }

  synchronized List<ConsumeRequest> consumed() {
    return List.copyOf(consumed);
  }

  /// Bodies of what was published, in order; without what came again.
  synchronized List<String> bodies() {
    List<String> bodies = new ArrayList<>();
    for (PublishRequest request : published) {
      bodies.add(request.getMessage().getBody().toStringUtf8());
      request.getMoreList().forEach(more -> bodies.add(more.getBody().toStringUtf8()));
    }
    return bodies.stream().distinct().toList();
  }

  private final class Service extends BrokerGrpc.BrokerImplBase {
    @Override
    public StreamObserver<PublishRequest> publish(StreamObserver<PublishResponse> answers) {
      return new Asked<>(answers) {
        @Override
        public void onNext(PublishRequest request) {
          synchronized (QueueCore.this) {
            published.add(request);
            int count = isGathering ? 1 + request.getMoreCount() : 1;
            PublishReceipt receipt =
                PublishReceipt.newBuilder()
                    .setDurability(ReceiptDurability.RECEIPT_DURABILITY_DURABLE)
                    .setStream("main")
                    .setOffset(offset)
                    .build();
            offset += count;
            answers.onNext(
                PublishResponse.newBuilder()
                    .setNumber(request.getNumber())
                    .setReceipt(receipt)
                    .setCount(isGathering ? count : 0)
                    .build());
          }
        }
      };
    }

    @Override
    public StreamObserver<ConsumeRequest> consume(StreamObserver<ConsumeResponse> answers) {
      return new Asked<>(answers) {
        @Override
        public void onNext(ConsumeRequest request) {
          synchronized (QueueCore.this) {
            consumed.add(request);
            switch (request.getRequestCase()) {
              case OPEN -> deliver(answers);
              case SETTLE ->
                  answers.onNext(
                      ConsumeResponse.newBuilder()
                          .setSettled(Settled.newBuilder().setLease(request.getSettle().getLease()))
                          .build());
              case SETTLE_SEVERAL -> settle(request, answers);
              case PREFETCH, REQUEST_NOT_SET -> {}
            }
          }
        }
      };
    }

    private void deliver(StreamObserver<ConsumeResponse> answers) {
      answers.onNext(
          ConsumeResponse.newBuilder()
              .setOpened(ConsumerOpened.newBuilder().setGathers(isGathering))
              .build());
      for (int i = 1; i <= DELIVERED; i++) {
        QueuedMessage.Builder queued =
            QueuedMessage.newBuilder()
                .setStream("main")
                .setOffset(i)
                .setDeliveries(1)
                .setMessage(Message.newBuilder().setTopic("$queue/jobs"));
        answers.onNext(
            ConsumeResponse.newBuilder()
                .setDelivery(QueueDelivery.newBuilder().setLease(i).setQueued(queued))
                .build());
      }
    }

    private static void settle(ConsumeRequest request, StreamObserver<ConsumeResponse> answers) {
      SettledSeveral.Builder several = SettledSeveral.newBuilder();
      request
          .getSettleSeveral()
          .getSettlementsList()
          .forEach(each -> several.addDurable(each.getLease()));
      several.addAllDurable(request.getSettleSeveral().getAckedList());
      answers.onNext(ConsumeResponse.newBuilder().setSettledSeveral(several).build());
    }
  }

  /// A call that ends with its client.
  private abstract static class Asked<Q> implements StreamObserver<Q> {
    private final StreamObserver<?> answers;

    Asked(StreamObserver<?> answers) {
      this.answers = answers;
    }

    @Override
    public void onError(Throwable cause) {}

    @Override
    public void onCompleted() {
      answers.onCompleted();
    }
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
