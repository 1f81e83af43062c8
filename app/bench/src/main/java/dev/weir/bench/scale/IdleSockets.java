package dev.weir.bench.scale;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// WebSockets that say nothing, thousands of them at the cost of a file descriptor each: bytes on
/// plain channels, all on one thread. Whatever comes behind the handshake is answered with a pong
/// (RFC 6455 §5.5.3 allows one unasked), which keeps the server's heartbeat content.
final class IdleSockets implements AutoCloseable {
  private static final byte[] PONG = {(byte) 0x8a, (byte) 0x80, 0, 0, 0, 0};
  private static final String ACCEPTED = "HTTP/1.1 101";

  /// More at once than a listener's backlog would wait for the kernel to send again.
  private static final int AT_ONCE = 64;

  private final InetSocketAddress address;
  private final byte[] handshake;
  private final Selector selector;
  private final List<SocketChannel> channels = new ArrayList<>();
  private final AtomicInteger lost = new AtomicInteger();
  private final AtomicInteger answered = new AtomicInteger();
  private final AtomicBoolean isClosed = new AtomicBoolean();
  private final ByteBuffer buffer = ByteBuffer.allocate(4 << 10);
  private final Thread thread;

  /// @param target `HOST:PORT`
  IdleSockets(String target) throws IOException {
    int colon = target.lastIndexOf(':');
    address =
        new InetSocketAddress(
            target.substring(0, colon), Integer.parseInt(target.substring(colon + 1)));
    handshake =
        ("GET /v1/ws HTTP/1.1\r\nHost: "
                + target
                + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                + "Sec-WebSocket-Protocol: weir.json.v1\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    selector = Selector.open();
    thread = Thread.ofPlatform().daemon().name("weir-bench-sockets").start(this::listen);
  }

  /// Opens more, and waits until all are accepted.
  ///
  /// @throws IOException when one is not accepted
  void open(int count) throws IOException {
    int wanted = answered.get();
    for (int i = 0; i < count; i++) {
      SocketChannel channel = SocketChannel.open(address);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.write(ByteBuffer.wrap(handshake));
      channel.configureBlocking(false);
      channels.add(channel);
      channel.register(selector, SelectionKey.OP_READ);
      selector.wakeup();
      wanted++;
      while (wanted - answered.get() > AT_ONCE) {
        pause();
      }
    }
    while (answered.get() < wanted) {
      pause();
    }
  }

  private void pause() throws IOException {
    if (lost.get() > 0) {
      throw new IOException(lost.get() + " sockets were not accepted, or ended");
    }
    Thread.onSpinWait();
  }

  /// Those that the core has ended.
  int lost() {
    return lost.get();
  }

  private void listen() {
    try {
      while (!isClosed.get()) {
        selector.select(this::read, 100);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read(SelectionKey key) {
    SocketChannel channel = (SocketChannel) key.channel();
    try {
      buffer.clear();
      int count = channel.read(buffer);
      if (count < 0) {
        lose(key);
        return;
      }
      boolean isAccepted = key.attachment() != null;
      String text = new String(buffer.array(), 0, count, StandardCharsets.ISO_8859_1);
      if (!isAccepted && text.startsWith(ACCEPTED)) {
        key.attach(true);
        answered.incrementAndGet();
      } else if (!isAccepted) {
        lose(key);
      } else {
        channel.write(ByteBuffer.wrap(PONG));
      }
    } catch (IOException _) {
      lose(key);
    }
  }

  private void lose(SelectionKey key) {
    key.cancel();
    lost.incrementAndGet();
  }

  @Override
  public void close() throws IOException {
    isClosed.set(true);
    selector.wakeup();
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    for (SocketChannel channel : channels) {
      channel.close();
    }
    selector.close();
  }
}
