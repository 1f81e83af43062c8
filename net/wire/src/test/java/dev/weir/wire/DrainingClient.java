package dev.weir.wire;

import dev.weir.testkit.Eventually;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Makes calls over one connection after the other: it opens the next when the server drains the
/// present one, and repeats what was certainly not begun.
final class DrainingClient implements ConnectionHandler, AutoCloseable {
  final Queue<String> replies = new ConcurrentLinkedQueue<>();
  final Queue<WireStatus> failures = new ConcurrentLinkedQueue<>();
  private final TestEnds ends;
  private volatile @Nullable WireConnection connection;
  private volatile @Nullable WireStream stream;

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

  void drainServerSide() {
    Eventually.eventually("it is accepted", () -> !ends.accepted.isEmpty());
    ends.accepted.getLast().drain(Duration.ofMinutes(2));
  }

  @Override
  public void close() {
    java.util.Objects.requireNonNull(connection).close();
  }
}
