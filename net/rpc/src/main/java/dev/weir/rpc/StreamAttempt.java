package dev.weir.rpc;

import dev.weir.wire.MessageView;
import dev.weir.wire.Metadata;
import dev.weir.wire.StatusCode;
import dev.weir.wire.StreamHandler;
import dev.weir.wire.WireConnection;
import dev.weir.wire.WireStatus;
import dev.weir.wire.WireStream;
import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/// A client's call on a stream of its own. What is sent before the stream is there waits in the
/// outbox.
final class StreamAttempt implements Attempt, StreamHandler {
  private static final Outbox.Step END =
      stream -> {
        stream.end();
        return true;
      };

  private final PlacedCall<?> call;
  private final Inbox inbox;
  private final Outbox outbox = new Outbox();
  private volatile @Nullable WireStream stream;
  private volatile @Nullable Status cancelled;

  StreamAttempt(PlacedCall<?> call, Inbox inbox) {
    this.call = call;
    this.inbox = inbox;
  }

  @Override
  public void start(Session session) {
    EventLoop loop = session.connection().loop();
    inbox.attach(loop);
    if (loop.inEventLoop()) {
      open(session);
    } else {
      loop.execute(() -> open(session));
    }
  }

  private void open(Session session) {
    if (cancelled != null) {
      return;
    }
    WireConnection connection = session.connection();
    WireStream opened = connection.open(call.openRequest(), this);
    opened.consumeByHand();
    stream = opened;
    Status late = cancelled;
    if (late != null) {
      opened.abort(StatusCodec.toWire(late));
      return;
    }
    outbox.attach(opened);
    if (outbox.isReady()) {
      inbox.ready();
    }
  }

  @Override
  public void send(ByteBuf body) {
    outbox.add(Outbox.message(body));
  }

  @Override
  public void halfClose() {
    outbox.add(END);
  }

  @Override
  public void cancel(Status status) {
    cancelled = status;
    outbox.close();
    WireStream opened = stream;
    if (opened != null) {
      opened.abort(StatusCodec.toWire(status));
    }
  }

  @Override
  public boolean isReady() {
    return outbox.isReady();
  }

  @Override
  public void consumed(long bytes) {
    WireStream opened = stream;
    if (opened != null) {
      opened.consumed(bytes);
    }
  }

  @Override
  public void onAccepted(WireStream accepted, Metadata metadata) {
    inbox.add(() -> call.reader().onHeaders(metadata));
  }

  @Override
  public void onMessage(WireStream from, MessageView message) {
    ByteBuf buffer = message.buffer();
    int index = message.bodyIndex();
    int length = message.bodyBytes() - 1;
    if (length < 0) {
      call.fail(Status.INTERNAL.withDescription("A message came without its flags"));
      return;
    }
    int flags = buffer.getByte(index);
    long credit = message.creditBytes();
    boolean isHandedOver =
        inbox.handOver(() -> {
          if (inbox.takeRequest()) {
            call.reader().onMessage(flags, buffer, index + 1, length, credit);
          } else {
            inbox.addLater(flags, buffer, index + 1, length, credit);
          }
        });
    if (!isHandedOver) {
      inbox.addLater(flags, buffer, index + 1, length, credit);
      inbox.schedule();
    }
  }

  @Override
  public void onEnd(WireStream ended) {
    ended.abort(WireStatus.of(StatusCode.INTERNAL, "The server ended the stream without a status"));
  }

  @Override
  public void onReady(WireStream ready) {
    outbox.resume();
    if (outbox.isReady()) {
      inbox.ready();
    }
  }

  @Override
  public void onClosed(WireStream closed, WireStatus status, Metadata trailers) {
    outbox.close();
    inbox.add(() -> call.reader().onClosed(status, trailers));
  }
}
