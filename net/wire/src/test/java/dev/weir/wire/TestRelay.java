package dev.weir.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/// Stands between a client and a server: passes bytes on after a delay, and swallows what goes in
/// one direction when it is told to.
final class TestRelay implements AutoCloseable {
  private static final int CHUNK_BYTES = 64 << 10;

  private final ServerSocket listener;
  private final InetSocketAddress target;
  private final long delayNanos;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  volatile boolean isUpStopped;
  volatile boolean isDownStopped;

  /// What was read at once, and when it is to be passed on; empty at the end.
  private record Chunk(ByteBuffer bytes, long dueNanos) {}

  TestRelay(InetSocketAddress target, Duration delay) throws IOException {
    this.target = target;
    this.delayNanos = delay.toNanos();
    listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  private static void start(Run run) {
    Thread.ofVirtual()
        .start(() -> {
          try {
            run.run();
          } catch (IOException e) {
            // One of the two ends is closed.
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  @FunctionalInterface
  private interface Run {
    void run() throws IOException, InterruptedException;
  }

  InetSocketAddress address() {
    return (InetSocketAddress) listener.getLocalSocketAddress();
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = listener.accept();
      Socket server = new Socket(target.getAddress(), target.getPort());
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      sockets.add(client);
      sockets.add(server);
      pump(client, server, true);
      pump(server, client, false);
    }
  }

  private void pump(Socket from, Socket to, boolean isUp) {
    LinkedBlockingQueue<Chunk> way = new LinkedBlockingQueue<>(1024);
    start(() -> read(from, way, isUp));
    start(() -> write(way, to));
  }

  private void read(Socket from, LinkedBlockingQueue<Chunk> way, boolean isUp)
      throws IOException, InterruptedException {
    InputStream in = from.getInputStream();
    int count = 0;
    while (count >= 0) {
      byte[] bytes = new byte[CHUNK_BYTES];
      count = in.read(bytes);
      if (!(isUp ? isUpStopped : isDownStopped)) {
        way.put(
            new Chunk(
                ByteBuffer.wrap(bytes, 0, Math.max(0, count)), System.nanoTime() + delayNanos));
      }
    }
  }

  private static void write(LinkedBlockingQueue<Chunk> way, Socket to)
      throws IOException, InterruptedException {
    OutputStream out = to.getOutputStream();
    for (Chunk chunk = way.take(); chunk.bytes().hasRemaining(); chunk = way.take()) {
      for (long left = chunk.dueNanos() - System.nanoTime(); left > 0; ) {
        LockSupport.parkNanos(left);
        left = chunk.dueNanos() - System.nanoTime();
      }
      out.write(chunk.bytes().array(), 0, chunk.bytes().limit());
    }
    to.close();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
