package dev.weir.bench.rtt;

import dev.weir.wire.ConnectionHandler;
import dev.weir.wire.MessageView;
import dev.weir.wire.Metadata;
import dev.weir.wire.OpenRequest;
import dev.weir.wire.Priority;
import dev.weir.wire.ReplyHandler;
import dev.weir.wire.StreamHandler;
import dev.weir.wire.WireConnection;
import dev.weir.wire.WireConnector;
import dev.weir.wire.WireContext;
import dev.weir.wire.WireLoops;
import dev.weir.wire.WireStatus;
import dev.weir.wire.WireStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;

/// Uploads as wire calls: large ones on one stream, small ones on another that goes first.
final class WireUploader implements Uploader {
  private static final int SMALL_BYTES = 4096;

  private final CompletableFuture<Streams> streams;

  private record Streams(WireConnection connection, WireStream large, WireStream small) {}

  WireUploader(WireLoops loops, InetSocketAddress address) {
    CompletableFuture<Streams> opened = new CompletableFuture<>();
    streams = opened;
    // Streams are opened as soon as the socket is connected, before the far side has said hello.
    var _ =
        new WireConnector(loops, WireContext.of("near").with(Upload.LIMITS))
            .connect(
                address,
                new ConnectionHandler() {
                  @Override
                  public void onConnected(WireConnection connection) {
                    OpenRequest request = OpenRequest.of("upload");
                    opened.complete(
                        new Streams(
                            connection,
                            connection.open(request, new Silent()),
                            connection.open(request.with(Priority.INTERACTIVE), new Silent())));
                  }
                })
            .whenComplete((_, fault) -> {
              if (fault != null) {
                opened.completeExceptionally(fault);
              }
            });
  }

  @Override
  public CompletableFuture<Void> upload(int bytes) {
    return streams.thenCompose(open -> {
      CompletableFuture<Void> done = new CompletableFuture<>();
      WireStream stream = bytes <= SMALL_BYTES ? open.small() : open.large();
      ByteBuf body = Unpooled.wrappedBuffer(RttClient.BODY, 0, bytes);
      if (!stream.call(body, new Answer(done, bytes)).isTaken()) {
        done.completeExceptionally(new IOException("refused"));
      }
      return done;
    });
  }

  private record Answer(CompletableFuture<Void> done, int bytes) implements ReplyHandler {
    @Override
    public void onReply(MessageView reply) {
      if (reply.buffer().getInt(reply.bodyIndex()) == bytes) {
        done.complete(null);
      } else {
        done.completeExceptionally(new IOException("not everything came"));
      }
    }

    @Override
    public void onFailure(int mid, WireStatus status) {
      done.completeExceptionally(new IOException(status.toString()));
    }
  }

  private static final class Silent implements StreamHandler {
    @Override
    public void onMessage(WireStream stream, MessageView message) {}

    @Override
    public void onClosed(WireStream stream, WireStatus status, Metadata trailers) {}
  }

  @Override
  public void close() {
    var _ = streams.thenAccept(open -> open.connection().close());
  }
}
