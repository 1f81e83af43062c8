package dev.weir.bench.ops;

import dev.weir.wire.ConnectionHandler;
import dev.weir.wire.MessageView;
import dev.weir.wire.Metadata;
import dev.weir.wire.Offer;
import dev.weir.wire.OpenRequest;
import dev.weir.wire.ReplyHandler;
import dev.weir.wire.StreamHandler;
import dev.weir.wire.WireConnection;
import dev.weir.wire.WireConnector;
import dev.weir.wire.WireContext;
import dev.weir.wire.WireLoops;
import dev.weir.wire.WireStatus;
import dev.weir.wire.WireStream;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A wire call for each operation, through a router by a running number. Tags are kept by the
/// calls' numbers.
final class WireCaller implements Caller, ReplyHandler, StreamHandler {
  /// More than may be under way at once: [OpenLoop#MOST_UNDER_WAY].
  private static final int SLOTS = 1 << 17;

  private final WireConnection connection;
  private final WireStream stream;
  private final ByteBuf body;
  private final int bodyBytes;
  private final boolean isRouted;
  private final long[] tags = new long[SLOTS];
  private Outcome outcome = NoOutcome.NOBODY;
  private long route;
  private long calling;

  private WireCaller(WireConnection connection, int bodyBytes, boolean isRouted) {
    this.connection = connection;
    this.bodyBytes = bodyBytes;
    this.isRouted = isRouted;
    this.stream = connection.open(OpenRequest.of("echo"), this);
    this.body = connection.allocator().directBuffer(Math.max(1, bodyBytes)).writeZero(bodyBytes);
  }

  static WireCaller connect(WireLoops loops, int port, int bodyBytes, boolean isRouted)
      throws IOException {
    try {
      return new WireCaller(
          new WireConnector(loops, WireContext.of("load"))
              .connect(OneLoop.loopback(port), new ConnectionHandler() {})
              .toCompletableFuture()
              .get(5, TimeUnit.SECONDS),
          bodyBytes,
          isRouted);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("no wire on port " + port, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public EventLoop loop() {
    return connection.loop();
  }

  @Override
  public void tell(Outcome newOutcome) {
    outcome = newOutcome;
  }

  @Override
  public void call(long tag) {
    calling = tag;
    if (send() == Offer.REFUSED) {
      outcome.failed(tag, "refused: too much waits to be sent");
    }
  }

  private Offer send() {
    if (bodyBytes <= WireEcho.COPY_BYTES) {
      return isRouted
          ? stream.call(body, 0, bodyBytes, route++, -1, this)
          : stream.call(body, 0, bodyBytes, -1, this);
    }
    ByteBuf given = body.retainedDuplicate();
    Offer offer = stream.call(given, route++, -1, this);
    if (offer == Offer.REFUSED) {
      given.release();
    }
    return offer;
  }

  @Override
  public void onSent(int mid) {
    tags[mid & (SLOTS - 1)] = calling;
  }

  @Override
  public void onReply(MessageView reply) {
    outcome.done(tags[reply.mid() & (SLOTS - 1)]);
  }

  @Override
  public void onFailure(int mid, WireStatus status) {
    outcome.failed(mid == 0 ? calling : tags[mid & (SLOTS - 1)], status.toString());
  }

  @Override
  public void onMessage(WireStream from, MessageView message) {}

  @Override
  public void onClosed(WireStream from, WireStatus status, Metadata trailers) {}

  @Override
  public void close() {
    connection.close();
    loop().execute(body::release);
  }
}
