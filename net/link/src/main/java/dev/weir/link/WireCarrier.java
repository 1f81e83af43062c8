package dev.weir.link;

import com.google.protobuf.CodedInputStream;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.proto.Request;
import dev.weir.proto.Response;
import dev.weir.wire.Agreement;
import dev.weir.wire.ConnectionHandler;
import dev.weir.wire.MessageView;
import dev.weir.wire.Metadata;
import dev.weir.wire.OpenRequest;
import dev.weir.wire.StatusCode;
import dev.weir.wire.StreamHandler;
import dev.weir.wire.WireConnection;
import dev.weir.wire.WireStatus;
import dev.weir.wire.WireStream;
import java.io.IOException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A connection of wire of its own and one stream on it, opened once both ends have agreed: a peer
/// that speaks something else is known before anything is sent to it.
///
/// Responses that the duty thread has not taken are bounded by the stream's window, whose credit is
/// given back as they are taken.
final class WireCarrier implements Carrier {
  /// A quarter of the stream's window: giving back costs a task on the loop.
  private static final long GIVE_BACK_BYTES = Carriers.RESPONSE_WINDOW_BYTES / 4;

  private final OpenRequest request;
  private final CarrierListener listener;
  private final Function<ConnectionHandler, CompletionStage<WireConnection>> connecting;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile @Nullable WireConnection connection;
  private volatile @Nullable WireStream stream;
  private volatile boolean isGivenUp;
  private volatile boolean isReached;
  private volatile boolean isUnserved;
  private long takenBytes;

  /// @param connecting begins to connect for a handler
  WireCarrier(
      OpenRequest request,
      CarrierListener listener,
      Function<ConnectionHandler, CompletionStage<WireConnection>> connecting) {
    this.request = request;
    this.listener = listener;
    this.connecting = connecting;
  }

  @Override
  public void begin() {
    var _ = connecting.apply(new OwnConnection()).whenComplete(this::onConnected);
  }

  private void onConnected(@Nullable WireConnection made, @Nullable Throwable failure) {
    if (failure != null) {
      WeirException fault = LinkStatus.fault(failure);
      isReached |= fault.code() != ErrorCode.UNREACHABLE;
      ended.countDown();
      listener.onDown(fault.explanation());
    }
  }

  /// Whether something answered at the address, wire or not.
  boolean isReached() {
    return isReached;
  }

  /// Whether the peer speaks wire and serves no link by it.
  boolean isUnserved() {
    return isUnserved;
  }

  @Override
  public boolean isReady() {
    WireStream open = stream;
    return open != null && open.isReady();
  }

  @Override
  public void send(Request message) {
    WireStream open = stream;
    if (open != null && !WireBodies.send(open, message)) {
      abort("The core does not read what is no frame.");
    }
  }

  @Override
  public void onTaken(long cost) {
    takenBytes += cost;
    WireStream open = stream;
    if (takenBytes >= GIVE_BACK_BYTES && open != null) {
      open.consumed(takenBytes);
      takenBytes = 0;
    }
  }

  @Override
  public long receivedBytes() {
    WireStream open = stream;
    return open == null ? 0 : open.receivedBodyBytes();
  }

  @Override
  public void finish() {
    WireStream open = stream;
    if (open == null) {
      abort("It ends before it began.");
    } else {
      open.end(); // Its end closes the connection.
    }
  }

  @Override
  public void abort(String reason) {
    isGivenUp = true;
    WireStream open = stream;
    if (open != null) {
      open.abort(WireStatus.of(StatusCode.CANCELLED, reason));
    }
    close();
  }

  private void close() {
    WireConnection made = connection;
    if (made != null) {
      made.close();
    }
  }

  @Override
  public void leave() {
    try {
      if (connection != null && !ended.await(GrpcCarrier.LINGER_MILLIS, TimeUnit.MILLISECONDS)) {
        abort("The goodbye was not answered.");
      }
    } catch (InterruptedException e) {
      abort("The link ends.");
      Thread.currentThread().interrupt();
    }
  }

  /// On the event loop.
  private final class OwnConnection implements ConnectionHandler {
    @Override
    public void onConnected(WireConnection made) {
      isReached = true;
      connection = made;
      if (isGivenUp) {
        made.close();
      }
    }

    @Override
    public void onAgreed(WireConnection made, Agreement agreement) {
      WireStream opened = made.open(request, new OwnStream());
      opened.consumeByHand();
      stream = opened;
      listener.onReady();
    }

    @Override
    public void onClosed(WireConnection made, WireStatus status) {
      ended.countDown();
      listener.onDown(text(status), refusal(status));
    }
  }

  /// On the event loop.
  private final class OwnStream implements StreamHandler {
    @Override
    public void onMessage(WireStream own, MessageView message) {
      try {
        CodedInputStream body =
            CodedInputStream.newInstance(
                message.buffer().nioBuffer(message.bodyIndex(), message.bodyBytes()));
        listener.onResponse(Response.parseFrom(body), message.creditBytes());
      } catch (IOException e) {
        listener.onDown("The core sent what cannot be decoded.");
        abort("A response cannot be decoded.");
      }
    }

    @Override
    public void onReady(WireStream own) {
      listener.onReady();
    }

    @Override
    public void onClosed(WireStream own, WireStatus status, Metadata trailers) {
      isUnserved = status.code() == StatusCode.UNIMPLEMENTED;
      String reason = status.isOk() ? "The core closed the stream." : text(status);
      listener.onDown(reason, refusal(status));
      own.connection().close();
    }
  }

  private static @Nullable WeirException refusal(WireStatus status) {
    return status.code() == StatusCode.UNAUTHENTICATED
        ? WeirException.explained(status.detail()).orElse(null)
        : null;
  }

  private static String text(WireStatus status) {
    return status.code() + (status.detail().isEmpty() ? "" : ": " + status.detail());
  }
}
