package dev.weir.link;

import dev.weir.proto.DataSinkGrpc;
import dev.weir.proto.Request;
import dev.weir.proto.Response;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// One attempt at one core: a channel of its own and one `Send` on it.
///
/// Owned by the link's duty thread, which alone sends and closes. gRPC's callbacks run on an event
/// loop and only post events. What they may post is bounded: [#REQUESTED] responses that the duty
/// thread has not asked to replace, one writable, one down.
final class Connection {
  /// Responses are asked for in blocks, so that not each one costs a call into gRPC.
  static final int REQUESTED = 64;

  /// 256 KiB: a frame of 256 KiB is ready behind the one on the wire. Over loopback 1 MiB is up to
  /// a third faster, far above what disks commit; over 40 Mbit/s it makes a heartbeat wait 0.2 s
  /// longer.
  private static final int ON_READY_THRESHOLD_BYTES = 256 << 10;

  /// Round trips of the longest paths.
  private static final long LINGER_MILLIS = 500;

  private final URI target;
  private final ManagedChannel channel;
  private final WireMeter meter = WireMeter.traced();
  private final AtomicBoolean isWritablePosted = new AtomicBoolean();
  private @Nullable ClientCallStreamObserver<Request> call;
  private long sentBytes;
  private int takenResponses;
  private boolean isUp;

  private Connection(URI target, ManagedChannel channel) {
    this.target = target;
    this.channel = channel;
  }

  /// Begins to connect; [LinkEvent.Writable] tells that it is up, [LinkEvent.Down] that it is not.
  static Connection open(GrpcTransport transport, URI target, Mailbox<LinkEvent> mailbox) {
    ManagedChannel channel =
        transport.channel(target.getHost(), LinkClientConfig.port(target)).build();
    Connection connection = new Connection(target, channel);
    CallOptions options =
        connection.meter.attach(CallOptions.DEFAULT.withOnReadyThreshold(ON_READY_THRESHOLD_BYTES));
    ClientCalls.asyncBidiStreamingCall(
        channel.newCall(DataSinkGrpc.getSendMethod(), options), connection.new Callbacks(mailbox));
    return connection;
  }

  URI target() {
    return target;
  }

  /// Notes that the transport is connected.
  ///
  /// @return whether that is news
  boolean onWritable() {
    isWritablePosted.set(false);
    boolean isNews = !isUp;
    isUp = true;
    return isNews;
  }

  /// Notes that a response was dealt with, and asks for more in blocks.
  void onTaken() {
    if (++takenResponses == REQUESTED / 2 && call != null) {
      takenResponses = 0;
      call.request(REQUESTED / 2);
    }
  }

  /// Whether gRPC holds less than its threshold. Heartbeats and such go out regardless.
  boolean isReady() {
    return call != null && call.isReady();
  }

  void send(Request request) {
    if (call != null) {
      sentBytes += request.getSerializedSize();
      call.onNext(request);
    }
  }

  /// Bytes of messages sent so far.
  long sentBytes() {
    return sentBytes;
  }

  /// Bytes of messages received so far, parts included.
  long receivedBytes() {
    return meter.receivedBytes();
  }

  /// Ends in order: what was sent still goes out.
  void finish() {
    if (call != null) {
      call.onCompleted();
      call = null;
    }
    channel.shutdown();
  }

  /// Cuts the connection.
  void abort(String reason) {
    if (call != null) {
      call.cancel(reason, null);
      call = null;
    }
    channel.shutdownNow();
  }

  /// Waits a moment for the goodbye of [#finish] to be taken, then cuts what is left.
  void leave() {
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
    private final Mailbox<LinkEvent> mailbox;
    private final AtomicInteger downs = new AtomicInteger();

    Callbacks(Mailbox<LinkEvent> mailbox) {
      this.mailbox = mailbox;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<Request> observer) {
      call = observer;
      observer.disableAutoRequestWithInitial(REQUESTED);
      observer.setOnReadyHandler(() -> {
        if (!isWritablePosted.getAndSet(true)) {
          mailbox.post(new LinkEvent.Writable(Connection.this));
        }
      });
    }

    @Override
    public void onNext(Response response) {
      mailbox.post(new LinkEvent.Received(Connection.this, response));
    }

    @Override
    public void onError(Throwable failure) {
      Status status = Status.fromThrowable(failure);
      String description = status.getDescription();
      @Nullable Throwable cause = status.getCause();
      String reason =
          status.getCode()
              + (description == null ? "" : ": " + description)
              + (cause == null || cause.getMessage() == null
                  ? ""
                  : " (" + cause.getMessage() + ")");
      down(reason);
    }

    @Override
    public void onCompleted() {
      down("The core closed the stream.");
    }

    private void down(String reason) {
      if (downs.getAndIncrement() == 0) {
        mailbox.post(new LinkEvent.Down(Connection.this, reason));
      }
    }
  }
}
