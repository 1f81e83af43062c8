package dev.weir.edge.source.otlp;

import com.google.rpc.Status;
import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.edge.source.InFlightBytes;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One call of an `Export` method: gathers its one message, stores it, answers. gRPC calls it by
/// one virtual thread at a time; [#onHalfClose] blocks until the fsync. A client that does not send
/// its request in time is refused, so that it cannot hold the memory that is set aside for it.
final class OtlpCall extends ServerCall.Listener<Arrival> {
  private final OtlpSignal signal;
  private final OtlpIngest ingest;
  private final ServerCall<Arrival, Boolean> call;
  private final InFlightBytes.Reservation reservation;
  private final CompletableFuture<Boolean> received = new CompletableFuture<>();
  private @Nullable Arrival arrival;
  private boolean isRefused;

  OtlpCall(
      OtlpSignal signal,
      OtlpIngest ingest,
      ServerCall<Arrival, Boolean> call,
      InFlightBytes.Reservation reservation) {
    this.signal = signal;
    this.ingest = ingest;
    this.call = call;
    this.reservation = reservation;
  }

  /// From now on the request must come within a time; called once, before any is asked for.
  void expire(Duration limit, Executor calls) {
    var _ =
        received
            .orTimeout(limit.toNanos(), TimeUnit.NANOSECONDS)
            .whenCompleteAsync((_, late) -> late(late, limit), calls);
  }

  private synchronized void late(@Nullable Throwable late, Duration limit) {
    if (late != null && !isRefused) {
      isRefused = true;
      reservation.close();
      String detail = "The request did not come within " + limit.toMillis() + " ms.";
      refuse(call, new WeirException(ErrorCode.TIMED_OUT, detail, late));
    }
  }

  @Override
  public synchronized void onMessage(Arrival message) {
    if (isRefused) {
      return;
    }
    if (arrival != null) {
      isRefused = true;
      refuse(call, new WeirException(ErrorCode.MALFORMED, "A call has one request, not two."));
    }
    arrival = message;
    reservation.shrinkTo(message.request().length());
  }

  @Override
  public void onHalfClose() {
    // Once it is complete it no longer turns late; what turned late before is refused.
    boolean isInTime = received.complete(true);
    if (!isInTime || isRefused()) {
      return;
    }
    try {
      ingest.take(signal, OtlpIngest.PROTOBUF, request());
      call.sendHeaders(new Metadata());
      call.sendMessage(true);
      call.close(io.grpc.Status.OK, new Metadata());
    } catch (WeirException e) {
      refuse(call, e);
    } catch (InterruptedException e) {
      refuse(call, new WeirException(ErrorCode.CONNECTION_LOST, "The edge is being stopped.", e));
    }
  }

  private synchronized boolean isRefused() {
    return isRefused;
  }

  private synchronized Bytes request() {
    if (arrival == null) {
      throw new WeirException(ErrorCode.MALFORMED, "The call has no request.");
    }
    if (arrival.fault() != null) {
      throw arrival.fault();
    }
    return arrival.request();
  }

  @Override
  public void onCancel() {
    end();
  }

  @Override
  public void onComplete() {
    end();
  }

  private synchronized void end() {
    received.complete(false);
    reservation.close();
  }

  /// Ends a call with what its client needs to know: whether to come again, and when.
  static void refuse(ServerCall<Arrival, Boolean> call, WeirException cause) {
    Status status = OtlpStatus.of(cause.code(), String.valueOf(cause.getMessage()));
    StatusRuntimeException told = StatusProto.toStatusRuntimeException(status);
    @Nullable Metadata trailers = told.getTrailers();
    call.close(told.getStatus(), trailers == null ? new Metadata() : trailers);
  }
}
