package dev.weir.router;

import dev.weir.testkit.Eventually;
import dev.weir.wire.ConnectionHandler;
import dev.weir.wire.OpenRequest;
import dev.weir.wire.Transport;
import dev.weir.wire.WireConnection;
import dev.weir.wire.WireConnector;
import dev.weir.wire.WireContext;
import dev.weir.wire.WireLoops;
import dev.weir.wire.WireStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Two storage nodes, a router and clients. Closing it waits until no buffer is in use any more.
final class RouterRig implements AutoCloseable {
  /// The first and the last slot: of the first and of the second node.
  static final long FIRST = 0;

  static final long SECOND = SlotMap.SLOTS - 1;

  final TestNode first;
  final TestNode second;
  final List<TestNode> others = new ArrayList<>();
  final SlotMap map;
  final WireContext context;
  final WireLoops loops = WireLoops.start("test-router", 2, Transport.best());
  final WireLoops clientLoops = WireLoops.start("test-client", 1, Transport.best());
  final WireContext clientContext;
  final Router router;

  RouterRig() {
    this(WireContext.of("client"), WireContext.of("router"), WireContext.of("second"));
  }

  /// @param node of the second node; the first has nothing special
  RouterRig(WireContext client, WireContext router, WireContext node) {
    first = new TestNode("first");
    second = new TestNode("second", node);
    map = SlotMap.even(List.of(first.node(), second.node()));
    clientContext = client;
    context = router;
    this.router =
        Router.start(
            loops,
            context,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            map,
            RouterLimits.STANDARD);
  }

  WireConnector connector() {
    return new WireConnector(clientLoops, clientContext);
  }

  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), router.port());
  }

  WireStream open(TestCaller caller) throws Exception {
    WireConnection connection =
        connector()
            .connect(address(), new ConnectionHandler() {})
            .toCompletableFuture()
            .get(20, TimeUnit.SECONDS);
    return connection.open(OpenRequest.of("kv"), caller);
  }

  static ByteBuf text(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    clientLoops.close();
    router.close();
    loops.close();
    first.close();
    second.close();
    others.forEach(TestNode::close);
    Eventually.eventually(
        "no pooled buffer is in use",
        () -> PooledByteBufAllocator.DEFAULT.pinnedDirectMemory() == 0);
    Eventually.eventually("nothing is held", () -> context.budget().heldBytes() == 0);
  }
}
