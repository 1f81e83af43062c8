package dev.weir.bench.ops;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.channel.EventLoop;

/// A gRPC call for each operation, over whatever the channel runs on.
final class UnaryCaller implements Caller {
  private final ManagedChannel channel;
  private final EventLoop loop;
  private final byte[] body;
  private Outcome outcome = NoOutcome.NOBODY;

  UnaryCaller(ManagedChannel channel, EventLoop loop, int bodyBytes) {
    this.channel = channel;
    this.loop = loop;
    this.body = new byte[bodyBytes];
  }

  @Override
  public EventLoop loop() {
    return loop;
  }

  @Override
  public void tell(Outcome newOutcome) {
    outcome = newOutcome;
  }

  @Override
  public void call(long tag) {
    ClientCall<byte[], byte[]> call = channel.newCall(Echo.UNARY, CallOptions.DEFAULT);
    call.start(new Answer(tag), new Metadata());
    call.request(2); // The answer and what proves that there is no second one.
    call.sendMessage(body);
    call.halfClose();
  }

  private final class Answer extends ClientCall.Listener<byte[]> {
    private final long tag;

    Answer(long tag) {
      this.tag = tag;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      if (status.isOk()) {
        outcome.done(tag);
      } else {
        outcome.failed(tag, status.toString());
      }
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
