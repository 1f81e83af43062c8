package dev.weir.bench.ops;

import dev.weir.remote.BatchCodec;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.channel.EventLoop;

/// A gRPC message for each operation, or for what a turn of the loop has of them, on one long-lived
/// stream. Answers come in the order of the questions.
final class StreamCaller implements Caller {
  private final ManagedChannel channel;
  private final EventLoop loop;
  private final byte[] body;
  private final ClientCall<byte[], byte[]> call;
  private final BatchCodec batches;
  private final TagQueue tags = new TagQueue();
  private final boolean isBatched;
  private Outcome outcome = NoOutcome.NOBODY;
  private boolean isFlushDue;

  /// @param isBatched whether messages hold many bodies: see [BatchCodec]
  StreamCaller(ManagedChannel channel, EventLoop loop, int bodyBytes, boolean isBatched) {
    this.channel = channel;
    this.loop = loop;
    this.body = new byte[bodyBytes];
    this.isBatched = isBatched;
    CallOptions options = CallOptions.DEFAULT.withWaitForReady().withOnReadyThreshold(1 << 20);
    this.call = channel.newCall(isBatched ? Echo.BATCH : Echo.STREAM, options);
    this.batches = new BatchCodec(call::sendMessage);
    call.start(new Answers(), new Metadata());
    call.request(Integer.MAX_VALUE);
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
    tags.add(tag);
    if (!isBatched) {
      call.sendMessage(body);
      return;
    }
    batches.add(body, 0, body.length);
    if (!isFlushDue) {
      isFlushDue = true;
      loop.execute(this::flush);
    }
  }

  private void flush() {
    isFlushDue = false;
    batches.flush();
  }

  private final class Answers extends ClientCall.Listener<byte[]> {
    @Override
    public void onMessage(byte[] message) {
      if (isBatched) {
        BatchCodec.split(message, (_, _, _) -> outcome.done(tags.remove()));
      } else {
        outcome.done(tags.remove());
      }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      while (!tags.isEmpty()) {
        outcome.failed(tags.remove(), status.toString());
      }
    }
  }

  @Override
  public void close() {
    call.cancel("the bench is over", null);
    channel.shutdownNow();
  }
}
