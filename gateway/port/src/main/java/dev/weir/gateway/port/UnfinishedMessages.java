package dev.weir.gateway.port;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/// Bounds what all calls together make this process hold of gRPC messages that are not whole yet.
///
/// Problem: gRPC gives its sender window back as the bytes of a message come, up to the message's
/// limit; thousands of calls that each send half of a large one would fill the memory. Idea: gRPC
/// tells a tracer what has come of a message, and takes what a tracer throws for the stream's end,
/// as it does for a message beyond its limit. So the call that asks for too much ends with
/// OVERLOADED, and no other.
///
/// Threads: each stream's on its event loop; a stream's end on any.
final class UnfinishedMessages extends ServerStreamTracer.Factory {
  /// What a call may hold without asking: what its window allows at first anyway.
  private static final int FREE_BYTES = 64 << 10;

  /// A quarter of the memory, and so that the smallest core takes a few of the largest messages at
  /// a time. Netty holds as much outside of the heap as the heap is large.
  private static final long LEAST_BYTES = 64L << 20;

  private final long maxBytes;
  private final AtomicLong heldBytes = new AtomicLong();
  private final LongAdder refused = new LongAdder();

  UnfinishedMessages() {
    this(Math.max(LEAST_BYTES, Runtime.getRuntime().maxMemory() / 4));
  }

  /// @param maxBytes beyond what each call holds freely
  UnfinishedMessages(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /// Held now, beyond what each call holds freely.
  long heldBytes() {
    return heldBytes.get();
  }

  /// Calls that were ended.
  long refused() {
    return refused.sum();
  }

  @Override
  public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
    return new Call();
  }

  private final class Call extends ServerStreamTracer {
    /// Of the message that is being read; the event loop's.
    private long cameBytes;

    /// Of these, what counts.
    private final AtomicLong countedBytes = new AtomicLong();

    @Override
    public void inboundWireSize(long bytes) {
      cameBytes += bytes;
      long more = cameBytes - FREE_BYTES - countedBytes.get();
      if (more <= 0) {
        return;
      }
      countedBytes.addAndGet(more);
      if (heldBytes.addAndGet(more) > maxBytes) {
        refused.increment();
        WeirException cause =
            new WeirException(
                ErrorCode.OVERLOADED,
                "Messages that are not whole yet hold all the memory they may.");
        throw Status.RESOURCE_EXHAUSTED.withDescription(cause.explanation()).asRuntimeException();
      }
    }

    @Override
    public void inboundMessageRead(int number, long wireBytes, long bytes) {
      release();
    }

    @Override
    public void streamClosed(Status status) {
      release();
    }

    private void release() {
      cameBytes = 0;
      if (countedBytes.get() > 0) {
        heldBytes.addAndGet(-countedBytes.getAndSet(0));
      }
    }
  }
}
