package dev.weir.edge.uplink;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/// A path to a core that is closed at first, and then lets through so many bytes a second.
final class SlowPath implements AutoCloseable {
  private static final int BUFFER_BYTES = 16 << 10;

  private final ServerSocket listener = new ServerSocket();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final int corePort;
  private final long bytesPerSecond;
  private volatile boolean isOpen;

  SlowPath(int corePort, long bytesPerSecond) throws IOException {
    this.corePort = corePort;
    this.bytesPerSecond = bytesPerSecond;
    listener.setReceiveBufferSize(BUFFER_BYTES);
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    Thread.ofVirtual().name("weir-test-slow-path").start(this::accept);
  }

  URI uri() {
    return URI.create("grpc://127.0.0.1:" + listener.getLocalPort());
  }

  void open() {
    isOpen = true;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket near = listener.accept();
        if (!isOpen) {
          near.close();
          continue;
        }
        Socket far = new Socket(InetAddress.getLoopbackAddress(), corePort);
        sockets.add(near);
        sockets.add(far);
        Thread.ofVirtual().start(() -> carry(near, far));
        Thread.ofVirtual().start(() -> carry(far, near));
      } catch (IOException e) {
        // Closed by the test.
      }
    }
  }

  private void carry(Socket from, Socket to) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      long freeNanos = System.nanoTime();
      for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
        freeNanos =
            Math.max(freeNanos, System.nanoTime()) + count * 1_000_000_000L / bytesPerSecond;
        while (System.nanoTime() < freeNanos) {
          LockSupport.parkNanos(freeNanos - System.nanoTime());
        }
        out.write(buffer, 0, count);
      }
    } catch (IOException e) {
      // The other direction has closed both.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
