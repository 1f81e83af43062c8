package dev.weir.dev;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The cable between the edges and the core: a TCP relay on loopback that can be cut. While it is
/// cut, standing connections are gone and new ones are closed at once.
///
/// Threads: one virtual thread accepts, two carry each connection; all end with [#close].
final class CuttableLink implements AutoCloseable {
  private static final int COPY_BYTES = 64 << 10;

  private final ServerSocket listener;
  private final InetSocketAddress target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private volatile boolean isCut;
  private volatile boolean isClosed;

  private CuttableLink(ServerSocket listener, InetSocketAddress target) {
    this.listener = listener;
    this.target = target;
  }

  static CuttableLink start(InetSocketAddress target) throws IOException {
    ServerSocket listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    CuttableLink link = new CuttableLink(listener, target);
    Thread.ofVirtual().name("weir-dev-link").start(link::accept);
    return link;
  }

  int port() {
    return listener.getLocalPort();
  }

  boolean isCut() {
    return isCut;
  }

  void cut() {
    isCut = true;
    sockets.forEach(CuttableLink::closeQuietly);
  }

  void mend() {
    isCut = false;
  }

  private void accept() {
    while (!isClosed) {
      try {
        Socket near = listener.accept();
        if (isCut) {
          closeQuietly(near);
        } else {
          connect(near);
        }
      } catch (IOException _) {
        // The listener was closed, or one connection failed to be accepted: the loop's test
        // decides.
      }
    }
  }

  private void connect(Socket near) {
    Socket far = new Socket();
    sockets.add(near);
    sockets.add(far);
    try {
      far.connect(target, 1000);
      near.setTcpNoDelay(true);
      far.setTcpNoDelay(true);
      Thread.ofVirtual().name("weir-dev-link-up").start(() -> carry(near, far));
      Thread.ofVirtual().name("weir-dev-link-down").start(() -> carry(far, near));
    } catch (IOException _) {
      drop(near, far); // The core is not there: the edge sees a closed connection and retries.
    }
    if (isCut || isClosed) {
      drop(near, far);
    }
  }

  private void carry(Socket source, Socket target) {
    byte[] buffer = new byte[COPY_BYTES];
    try (InputStream in = source.getInputStream();
        OutputStream out = target.getOutputStream()) {
      int count = in.read(buffer);
      while (count >= 0) {
        out.write(buffer, 0, count);
        count = in.read(buffer);
      }
    } catch (IOException _) {
      // Either side is gone: both are dropped below.
    }
    drop(source, target);
  }

  private void drop(Socket one, Socket other) {
    closeQuietly(one);
    closeQuietly(other);
    sockets.remove(one);
    sockets.remove(other);
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // It is gone either way.
    }
  }

  @Override
  public void close() {
    isClosed = true;
    try {
      listener.close();
    } catch (IOException _) {
      // Nothing accepts any more either way.
    }
    sockets.forEach(CuttableLink::closeQuietly);
  }
}
