package dev.weir.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/// A TCP relay on loopback that lets through so many bytes a second in each direction. It splits
/// the path in two, so there is no loss and no round trip; the buffers on the sender's side are
/// those of a real path of that rate and 100 ms. Two virtual threads a connection.
final class ThrottledRelay implements AutoCloseable {
  /// 10 ms of the rate is let through at once.
  private static final int TICKS_PER_SECOND = 100;

  private static final int BUFFERED_FRACTION = 10;

  private final ServerSocket listener;
  private final InetSocketAddress target;
  private final long bytesPerSecond;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  private ThrottledRelay(ServerSocket listener, InetSocketAddress target, long bytesPerSecond) {
    this.listener = listener;
    this.target = target;
    this.bytesPerSecond = bytesPerSecond;
  }

  static ThrottledRelay start(InetSocketAddress target, long bytesPerSecond) throws IOException {
    ServerSocket listener = new ServerSocket();
    listener.setReceiveBufferSize(Math.clamp(bytesPerSecond / BUFFERED_FRACTION, 8192, 4 << 20));
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    ThrottledRelay relay = new ThrottledRelay(listener, target, bytesPerSecond);
    Thread.ofVirtual().name("weir-bench-relay").start(relay::accept);
    return relay;
  }

  int port() {
    return listener.getLocalPort();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket near = listener.accept();
        Socket far = new Socket(target.getAddress(), target.getPort());
        sockets.add(near);
        sockets.add(far);
        Thread.ofVirtual().name("weir-bench-relay-up").start(() -> carry(near, far));
        Thread.ofVirtual().name("weir-bench-relay-down").start(() -> carry(far, near));
      } catch (IOException _) {
        // Closed, or the core is not there: the edge tries again.
      }
    }
  }

  private void carry(Socket from, Socket to) {
    byte[] buffer = new byte[Math.clamp(bytesPerSecond / TICKS_PER_SECOND, 1460, 1 << 20)];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      long freeNanos = System.nanoTime();
      int count = in.read(buffer);
      while (count > 0) {
        freeNanos =
            Math.max(freeNanos, System.nanoTime()) + count * 1_000_000_000L / bytesPerSecond;
        while (System.nanoTime() < freeNanos) {
          LockSupport.parkNanos(freeNanos - System.nanoTime());
        }
        out.write(buffer, 0, count);
        count = in.read(buffer);
      }
    } catch (IOException _) {
      // The other direction has closed both.
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException _) {
      // What is not closed here ends with the process.
    }
  }
}
