package dev.weir.link;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// A path between a client and a core that can be cut, or made to fail in one direction only.
final class Relay implements AutoCloseable {
  private final ServerSocket listener;
  private final Set<Path> paths = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger mutes = new AtomicInteger();
  private volatile int targetPort;
  private volatile LongSupplier lifeBytes = () -> Long.MAX_VALUE;

  Relay(int targetPort) {
    this.targetPort = targetPort;
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().name("weir-test-relay").start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /// Where new connections lead.
  void retarget(int port) {
    targetPort = port;
  }

  /// Each new connection is cut after so many bytes.
  void cutAfter(LongSupplier bytes) {
    lifeBytes = bytes;
  }

  /// What the clients of now send no longer arrives; the connections stay open.
  void stallToCore() {
    paths.forEach(path -> path.isToCoreStalled = true);
  }

  /// What the core sends to the clients of now no longer arrives.
  void stallToClient() {
    paths.forEach(path -> path.isToClientStalled = true);
  }

  /// The next connection stays open and carries nothing, either way.
  void muteNext() {
    mutes.incrementAndGet();
  }

  void cutAll() {
    paths.forEach(Path::cut);
  }

  int connections() {
    return connections.get();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        connections.incrementAndGet();
        connect(client);
      } catch (IOException e) {
        return; // Closed by the test.
      }
    }
  }

  private void connect(Socket client) throws IOException {
    try {
      Socket core = new Socket(InetAddress.getLoopbackAddress(), targetPort);
      Path path = new Path(client, core, lifeBytes.getAsLong());
      boolean isMute = mutes.getAndUpdate(count -> Math.max(0, count - 1)) > 0;
      path.isToCoreStalled = isMute;
      path.isToClientStalled = isMute;
      paths.add(path);
      Thread.ofVirtual().start(() -> path.pump(client, core, true));
      Thread.ofVirtual().start(() -> path.pump(core, client, false));
    } catch (IOException e) {
      client.close(); // The core is down.
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cutAll();
  }

  private final class Path {
    private final Socket client;
    private final Socket core;
    private final AtomicLong leftBytes;
    private volatile boolean isToCoreStalled;
    private volatile boolean isToClientStalled;

    Path(Socket client, Socket core, long lifeBytes) {
      this.client = client;
      this.core = core;
      this.leftBytes = new AtomicLong(lifeBytes);
    }

    void pump(Socket from, Socket to, boolean isToCore) {
      byte[] buffer = new byte[16 << 10];
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        int count = in.read(buffer);
        while (count >= 0 && leftBytes.addAndGet(-count) > 0) {
          if (!(isToCore ? isToCoreStalled : isToClientStalled)) {
            out.write(buffer, 0, count);
          }
          count = in.read(buffer);
        }
      } catch (IOException e) {
        // Cut, by either side.
      } finally {
        cut();
      }
    }

    void cut() {
      paths.remove(this);
      try {
        client.close();
        core.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
