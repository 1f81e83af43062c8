package dev.weir.router;

import dev.weir.wire.ConnectionHandler;
import dev.weir.wire.MessageView;
import dev.weir.wire.Metadata;
import dev.weir.wire.OpenRequest;
import dev.weir.wire.StreamHandler;
import dev.weir.wire.Transport;
import dev.weir.wire.WireContext;
import dev.weir.wire.WireLoops;
import dev.weir.wire.WireServer;
import dev.weir.wire.WireStatus;
import dev.weir.wire.WireStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// A storage node that answers small bodies with its name and the body, large ones as they are; or
/// that takes calls and keeps silent.
final class TestNode implements AutoCloseable {
  final String id;
  final WireContext context;
  final WireLoops loops;
  final AtomicInteger calls = new AtomicInteger();
  final List<Integer> cancelled = new CopyOnWriteArrayList<>();
  final List<Held> held = new CopyOnWriteArrayList<>();
  volatile boolean isSilent;
  private WireServer server;

  /// A call that was not answered.
  record Held(WireStream stream, int mid, String body, long deadlineMicros) {}

  TestNode(String id) {
    this(id, WireContext.of(id));
  }

  TestNode(String id, WireContext context) {
    this.id = id;
    this.context = context;
    this.loops = WireLoops.start("test-" + id, 1, Transport.best());
    this.server = serve(0);
  }

  private WireServer serve(int port) {
    return WireServer.start(
        loops,
        context,
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
        () ->
            new ConnectionHandler() {
              @Override
              public Optional<StreamHandler> onOpen(WireStream stream, OpenRequest request) {
                stream.consumeByHand();
                return Optional.of(new Calls());
              }
            });
  }

  StorageNode node() {
    return new StorageNode(
        id, new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
  }

  /// Is gone, its port with it.
  void kill() {
    server.close();
  }

  void restart(int port) {
    server = serve(port);
  }

  int port() {
    return server.port();
  }

  @Override
  public void close() {
    server.close();
    loops.close();
  }

  private final class Calls implements StreamHandler {
    @Override
    public void onMessage(WireStream stream, MessageView message) {
      calls.incrementAndGet();
      if (isSilent) {
        String text = message.bodyBytes() > 100 ? "large" : message.text();
        held.add(new Held(stream, message.mid(), text, message.deadlineMicros()));
        return;
      }
      stream.consumed(message.creditBytes());
      ByteBuf answer =
          message.bodyBytes() > 100
              ? message.retainedBody()
              : Unpooled.copiedBuffer(id + ":" + message.text(), StandardCharsets.UTF_8);
      stream.reply(message.mid(), answer);
    }

    @Override
    public void onCancelled(WireStream stream, int mid) {
      cancelled.add(mid);
    }

    @Override
    public void onClosed(WireStream stream, WireStatus status, Metadata trailers) {}
  }
}
