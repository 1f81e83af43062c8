package dev.weir.edge.source.prometheus;

import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.edge.source.InFlightBytes;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/// Gathers an answer within two bounds: its own, and that of all scrapes together, from which it
/// sets aside as bytes come. The client's threads call it, one at a time.
final class BoundedBody implements BodySubscriber<Bytes> {
  private final ByteSize max;
  private final InFlightBytes.Reservation reservation;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CompletableFuture<Bytes> whole = new CompletableFuture<>();
  private Flow.@Nullable Subscription subscription;

  BoundedBody(ByteSize max, InFlightBytes.Reservation reservation) {
    this.max = max;
    this.reservation = reservation;
  }

  @Override
  public CompletionStage<Bytes> getBody() {
    return whole;
  }

  @Override
  public void onSubscribe(Flow.Subscription newSubscription) {
    subscription = newSubscription;
    newSubscription.request(Long.MAX_VALUE); // What comes is bounded below.
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    if (whole.isDone()) {
      return;
    }
    try {
      for (ByteBuffer buffer : buffers) {
        if (bytes.size() + buffer.remaining() > max.bytes()) {
          throw new WeirException(ErrorCode.TOO_LARGE, "The answer is larger than " + max + ".");
        }
        reservation.grow(buffer.remaining());
        byte[] part = new byte[buffer.remaining()];
        buffer.get(part);
        bytes.writeBytes(part);
      }
    } catch (WeirException e) {
      whole.completeExceptionally(e);
      if (subscription != null) {
        subscription.cancel();
      }
    }
  }

  @Override
  public void onError(Throwable cause) {
    whole.completeExceptionally(cause);
  }

  @Override
  public void onComplete() {
    whole.complete(Bytes.wrap(bytes.toByteArray()));
  }
}
