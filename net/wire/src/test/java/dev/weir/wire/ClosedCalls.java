package dev.weir.wire;

import io.netty.buffer.ByteBuf;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Keeps a number of calls in flight on a stream and counts those that are answered: the load of
/// every bench of wire, here and behind a router. Each call has another route. Owned by the
/// connection's loop.
public final class ClosedCalls implements ReplyHandler {
  /// What is under way when time is up comes back long before.
  private static final Duration REST = Duration.ofSeconds(10);

  private final WireStream stream;
  private final ByteBuf body;
  private final int inFlight;
  private final CountDownLatch returned;
  private int flying;
  private long answered;
  private long next;
  private boolean isStopped;

  /// @param returned is counted down once all is answered after the end
  private ClosedCalls(WireStream stream, int bytes, int inFlight, CountDownLatch returned) {
    this.stream = stream;
    this.inFlight = inFlight;
    this.returned = returned;
    this.body = stream.connection().allocator().directBuffer(Math.max(1, bytes)).writeZero(bytes);
  }

  /// What happened in a while.
  ///
  /// @param calls that were answered
  /// @param cpuNanos of all threads of the process, as allocatedBytes
  public record Figures(long calls, double seconds, long cpuNanos, long allocatedBytes) {
    public double rate() {
      return calls / seconds;
    }

    /// What a call costs both ends together.
    public double cpuNanosPerCall() {
      return (double) cpuNanos / calls;
    }
  }

  /// Makes calls on streams of one connection for a while.
  ///
  /// @param inFlight on each stream
  public static Figures on(List<WireStream> streams, int bytes, int inFlight, Duration time)
      throws InterruptedException {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    var process =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    CountDownLatch returned = new CountDownLatch(streams.size());
    List<ClosedCalls> all =
        streams.stream().map(stream -> new ClosedCalls(stream, bytes, inFlight, returned)).toList();
    WireConnection connection = streams.getFirst().connection();
    long allocated = threads.getTotalThreadAllocatedBytes();
    long cpu = process.getProcessCpuTime();
    long start = System.nanoTime();
    connection.loop().execute(() -> all.forEach(ClosedCalls::fill));
    pause(time);
    CompletableFuture<Long> calls = new CompletableFuture<>();
    connection.loop().execute(() -> calls.complete(stop(all)));
    long sum = calls.join();
    double seconds = (System.nanoTime() - start) / 1e9;
    long cpuNanos = process.getProcessCpuTime() - cpu;
    long bytesAllocated = threads.getTotalThreadAllocatedBytes() - allocated;
    if (!returned.await(REST.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException("Calls have no answer: " + returned.getCount());
    }
    connection.loop().execute(() -> all.forEach(each -> each.body.release()));
    return new Figures(sum, seconds, cpuNanos, bytesAllocated);
  }

  private static void pause(Duration time) throws InterruptedException {
    var _ = new CountDownLatch(1).await(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  private static long stop(List<ClosedCalls> all) {
    long sum = 0;
    for (ClosedCalls each : all) {
      each.isStopped = true;
      each.endIfReturned();
      sum += each.answered;
    }
    return sum;
  }

  private void fill() {
    while (flying < inFlight && !isStopped) {
      flying++;
      ByteBuf copy = body.retainedDuplicate();
      if (stream.call(copy, next++, -1, this) == Offer.REFUSED) {
        copy.release();
        throw new IllegalStateException("More is in flight than the queue of a connection holds.");
      }
    }
  }

  private void endIfReturned() {
    if (isStopped && flying == 0) {
      returned.countDown();
    }
  }

  @Override
  public void onReply(MessageView reply) {
    flying--;
    answered++;
    fill();
    endIfReturned();
  }

  @Override
  public void onFailure(int mid, WireStatus status) {
    flying--;
    System.out.println(status);
    endIfReturned();
  }
}
