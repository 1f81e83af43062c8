package dev.weir.bench.rtt;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

/// Uploads as unary calls of gRPC.
final class GrpcUploader implements Uploader {
  private final ManagedChannel channel;

  GrpcUploader(ManagedChannel channel) {
    this.channel = channel;
  }

  @Override
  public CompletableFuture<Void> upload(int bytes) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    byte[] body =
        bytes == RttClient.BODY.length ? RttClient.BODY : Arrays.copyOf(RttClient.BODY, bytes);
    ClientCall<byte[], byte[]> call = channel.newCall(Upload.METHOD, CallOptions.DEFAULT);
    call.start(new Answer(done, bytes), new Metadata());
    call.request(2); // The answer and what proves that there is no second one.
    call.sendMessage(body);
    call.halfClose();
    return done;
  }

  private static final class Answer extends ClientCall.Listener<byte[]> {
    private final CompletableFuture<Void> done;
    private final int bytes;
    private byte[] answer = new byte[0];

    Answer(CompletableFuture<Void> done, int bytes) {
      this.done = done;
      this.bytes = bytes;
    }

    @Override
    public void onMessage(byte[] message) {
      answer = message;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      if (status.isOk() && Arrays.equals(answer, Upload.answer(bytes))) {
        done.complete(null);
      } else {
        done.completeExceptionally(new IOException(status.toString()));
      }
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
