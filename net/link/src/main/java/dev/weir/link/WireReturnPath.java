package dev.weir.link;

import dev.weir.base.WeirException;
import dev.weir.proto.Request;
import dev.weir.proto.Response;
import dev.weir.wire.MessageView;
import dev.weir.wire.Metadata;
import dev.weir.wire.StatusCode;
import dev.weir.wire.StreamHandler;
import dev.weir.wire.WireStatus;
import dev.weir.wire.WireStream;
import java.util.ArrayDeque;
import java.util.Queue;

/// A stream of wire that carries a link. What comes beyond the requests that were asked for waits
/// here, and its credit with it, so that no more than the stream's window ever waits.
///
/// Wire calls back from within the calls that lead to it (the end of a stream that is finished, the
/// next message that is asked for), and a session is not to be called while it is in the midst of a
/// step. What could be such a call is therefore put off to a task of its own.
///
/// Owned by the event loop of its connection.
final class WireReturnPath implements ReturnPath, StreamHandler {
  private final WireStream wire;
  private final SendStream stream;
  private final Queue<Waiting> waiting = new ArrayDeque<>();
  private int wantedCount;
  private boolean isDelivering;
  private boolean isHalfClosed;
  private boolean isGone;

  private WireReturnPath(WireStream wire, SendStream.Opening opening) {
    this.wire = wire;
    wire.consumeByHand();
    this.stream = opening.open(this);
  }

  /// Takes over a stream that was just opened.
  static StreamHandler open(WireStream wire, SendStream.Opening opening) {
    return new WireReturnPath(wire, opening);
  }

  @Override
  public void onMessage(WireStream own, MessageView message) {
    byte[] bytes = new byte[message.bodyBytes()];
    message.buffer().getBytes(message.bodyIndex(), bytes);
    waiting.add(new Waiting(RequestMarshaller.parse(bytes), message.creditBytes()));
    deliver();
  }

  @Override
  public void request(int count) {
    wantedCount += count;
    if (!isDelivering && !waiting.isEmpty()) {
      later(this::deliver);
    }
  }

  /// Hands over what is wanted.
  private void deliver() {
    if (isDelivering) {
      return;
    }
    isDelivering = true;
    try {
      while (wantedCount > 0 && !waiting.isEmpty()) {
        wantedCount--;
        Waiting next = waiting.remove();
        stream.onRequest(next.request());
        wire.consumed(next.creditBytes());
      }
      if (isHalfClosed && waiting.isEmpty()) {
        isHalfClosed = false;
        stream.onHalfClosed();
      }
    } finally {
      isDelivering = false;
    }
  }

  @Override
  public void onEnd(WireStream own) {
    isHalfClosed = true;
    deliver();
  }

  @Override
  public void onReady(WireStream own) {
    later(stream::onReady);
  }

  @Override
  public void onClosed(WireStream own, WireStatus status, Metadata trailers) {
    isGone = true;
    waiting.clear();
    later(stream::onGone);
  }

  private void later(Runnable task) {
    if (!Loops.execute(wire.connection().loop(), task)) {
      task.run(); // The process is ending; nothing else comes.
    }
  }

  @Override
  public boolean isReady() {
    return wire.isReady();
  }

  @Override
  public boolean isGone() {
    return isGone;
  }

  @Override
  public void send(Response response) {
    if (!WireBodies.send(wire, response)) {
      wire.abort(WireStatus.of(StatusCode.RESOURCE_EXHAUSTED, "The client reads too slowly."));
    }
  }

  @Override
  public void end() {
    wire.finish(WireStatus.OK, Metadata.EMPTY);
  }

  @Override
  public void end(WeirException fault) {
    WireStatus status = WireStatus.of(LinkStatus.code(fault.code()), fault.explanation());
    wire.finish(status, Metadata.EMPTY);
  }

  @Override
  public long receivedBytes() {
    return wire.receivedBodyBytes();
  }

  private record Waiting(Request request, long creditBytes) {}
}
