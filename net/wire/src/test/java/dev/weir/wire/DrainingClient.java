package dev.weir.wire;

import dev.weir.testkit.Eventually;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Makes calls over one connection after the other: it opens the next when the server drains the
/// present one, and repeats what was certainly not begun.
final class DrainingClient implements ConnectionHandler, AutoCloseable {
  final Queue<String> replies = new ConcurrentLinkedQueue<>();
  final Queue<WireStatus> failures = new ConcurrentLinkedQueue<>();
  private final TestEnds ends;
  private volatile @Nullable WireConnection connection;
  private volatile @Nullable WireStream stream;
  private final AtomicInteger opened = new AtomicInteger();
  private int drained;

  DrainingClient(TestEnds ends) throws Exception {
    this.ends = ends;
    open(ends.connect(this));
  }

  private void open(WireConnection next) {
    WireStream former = stream;
    connection = next;
    stream = next.open(OpenRequest.of("count"), new Recorder());
    if (former != null) {
      former.end();
    }
    opened.incrementAndGet(); // One at a time: the next drain waits for it.
  }

  @Override
  public void onDraining(WireConnection draining, Duration grace) {
    var _ = ends.connector.connect(ends.address(), this).thenAccept(this::open);
  }

  void call(String number) {
    WireStream present = java.util.Objects.requireNonNull(stream);
    ByteBuf body = WireStreamTest.text(number);
    Offer offer =
        present.call(
            body,
            new ReplyHandler() {
              @Override
              public void onReply(MessageView reply) {
                replies.add(reply.text());
              }

              @Override
              public void onFailure(int mid, WireStatus status) {
                if (status.isUnprocessed()) {
                  retry(number);
                } else {
                  failures.add(status);
                }
              }
            });
    if (offer == Offer.REFUSED) {
      body.release();
      retry(number);
    }
  }

  private void retry(String number) {
    WireConnection present = java.util.Objects.requireNonNull(connection);
    var _ = present.loop().schedule(() -> call(number), 1, TimeUnit.MILLISECONDS);
  }

  /// Drains the present connection, while calls are under way on it.
  void drainServerSide() {
    awaitMove();
    drained++;
    ends.accepted.getLast().drain(Duration.ofMinutes(2));
  }

  /// Waits until the work has moved away from the connection that was drained last.
  private void awaitMove() {
    Eventually.eventually(
        "the work has moved",
        () -> opened.get() == drained + 1 && ends.accepted.size() == opened.get());
  }

  @Override
  public void close() {
    awaitMove();
    java.util.Objects.requireNonNull(connection).close();
  }
}
