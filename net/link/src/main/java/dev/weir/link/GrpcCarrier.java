package dev.weir.link;

import dev.weir.base.WeirException;
import dev.weir.proto.DataSinkGrpc;
import dev.weir.proto.Request;
import dev.weir.proto.Response;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A channel of its own and one `Send` call on it. Responses are asked for in blocks, of which
/// [#REQUESTED] wait at most.
final class GrpcCarrier implements Carrier {
  /// Not each response costs a call into gRPC.
  static final int REQUESTED = 64;

  /// 256 KiB: a frame of 256 KiB is ready behind the one on the wire. Over loopback 1 MiB is up to
  /// a third faster, far above what disks commit; over 40 Mbit/s it makes a heartbeat wait 0.2 s
  /// longer.
  private static final int ON_READY_THRESHOLD_BYTES = 256 << 10;

  /// Round trips of the longest paths.
  static final long LINGER_MILLIS = 500;

  private final ManagedChannel channel;
  private final CarrierListener listener;
  private final GrpcMeter meter = GrpcMeter.traced();

  /// Set once the call has started, which another thread than the duty's may do before it hands
  /// over: until then nobody may cancel it, and an abort ends it with its channel.
  private volatile @Nullable ClientCallStreamObserver<Request> call;

  private int takenResponses;

  GrpcCarrier(ManagedChannel channel, CarrierListener listener) {
    this.channel = channel;
    this.listener = listener;
  }

  @Override
  public void begin() {
    CallOptions options =
        meter.attach(CallOptions.DEFAULT.withOnReadyThreshold(ON_READY_THRESHOLD_BYTES));
    Callbacks callbacks = new Callbacks();
    ClientCalls.asyncBidiStreamingCall(
        channel.newCall(DataSinkGrpc.getSendMethod(), options), callbacks);
    call = callbacks.observer;
    if (isReady()) {
      listener.onReady(); // It may have been told before it could be asked.
    }
  }

  @Override
  public boolean isReady() {
    ClientCallStreamObserver<Request> open = call;
    return open != null && open.isReady();
  }

  @Override
  public void send(Request request) {
    ClientCallStreamObserver<Request> open = call;
    if (open != null) {
      open.onNext(request);
    }
  }

  @Override
  public void onTaken(long cost) {
    takenResponses += (int) cost;
    ClientCallStreamObserver<Request> open = call;
    if (takenResponses >= REQUESTED / 2 && open != null) {
      open.request(takenResponses);
      takenResponses = 0;
    }
  }

  @Override
  public long receivedBytes() {
    return meter.receivedBytes();
  }

  @Override
  public void finish() {
    ClientCallStreamObserver<Request> open = call;
    call = null;
    if (open != null) {
      open.onCompleted();
    }
    channel.shutdown();
  }

  @Override
  public void abort(String reason) {
    ClientCallStreamObserver<Request> open = call;
    call = null;
    if (open != null) {
      open.cancel(reason, null);
    }
    channel.shutdownNow();
  }

  @Override
  public void leave() {
    try {
      if (!channel.awaitTermination(LINGER_MILLIS, TimeUnit.MILLISECONDS)) {
        channel.shutdownNow();
      }
    } catch (InterruptedException e) {
      channel.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  private final class Callbacks implements ClientResponseObserver<Request, Response> {
    private @Nullable ClientCallStreamObserver<Request> observer;

    @Override
    public void beforeStart(ClientCallStreamObserver<Request> requests) {
      observer = requests;
      requests.disableAutoRequestWithInitial(REQUESTED);
      requests.setOnReadyHandler(listener::onReady);
    }

    @Override
    public void onNext(Response response) {
      listener.onResponse(response, 1);
    }

    @Override
    public void onError(Throwable failure) {
      Status status = Status.fromThrowable(failure);
      String description = status.getDescription();
      @Nullable Throwable cause = status.getCause();
      listener.onDown(
          status.getCode()
              + (description == null ? "" : ": " + description)
              + (cause == null || cause.getMessage() == null
                  ? ""
                  : " (" + cause.getMessage() + ")"),
          status.getCode() == Status.Code.UNAUTHENTICATED && description != null
              ? WeirException.explained(description).orElse(null)
              : null);
    }

    @Override
    public void onCompleted() {
      listener.onDown("The core closed the stream.");
    }
  }
}
