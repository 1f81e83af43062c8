package dev.weir.bench.rtt;

import dev.weir.wire.ConnectionHandler;
import dev.weir.wire.MessageView;
import dev.weir.wire.OpenRequest;
import dev.weir.wire.StreamHandler;
import dev.weir.wire.WireStatus;
import dev.weir.wire.WireStream;
import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.netty.buffer.Unpooled;
import java.util.Optional;

/// Answers [Upload]s over wire and gRPC with the number of bytes that came.
final class UploadService implements ConnectionHandler, StreamHandler, BindableService {
  @Override
  public Optional<StreamHandler> onOpen(WireStream stream, OpenRequest request) {
    return Optional.of(this);
  }

  @Override
  public void onMessage(WireStream stream, MessageView message) {
    var _ = stream.reply(message.mid(), Unpooled.wrappedBuffer(Upload.answer(message.bodyBytes())));
  }

  @Override
  public void onClosed(WireStream stream, WireStatus status, dev.weir.wire.Metadata trailers) {}

  @Override
  public ServerServiceDefinition bindService() {
    return ServerServiceDefinition.builder(Upload.SERVICE)
        .addMethod(
            Upload.METHOD,
            (call, _) -> {
              call.request(2); // The message and what proves that there is no second one.
              return new Answering(call);
            })
        .build();
  }

  private static final class Answering extends ServerCall.Listener<byte[]> {
    private final ServerCall<byte[], byte[]> call;
    private int bytes;

    Answering(ServerCall<byte[], byte[]> call) {
      this.call = call;
    }

    @Override
    public void onMessage(byte[] message) {
      bytes = message.length;
    }

    @Override
    public void onHalfClose() {
      call.sendHeaders(new Metadata());
      call.sendMessage(Upload.answer(bytes));
      call.close(Status.OK, new Metadata());
    }
  }
}
