package dev.weir.edge.source.socket;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.edge.source.SourceFault;
import dev.weir.edge.source.SourceMeter;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/// Accepts connections within a bound: one virtual thread accepts, `weir-source-NAME-accept`, and
/// one serves each connection, `weir-source-NAME-tcp`. One connection too many is closed at once
/// and counted, so that its sender notices; waiting in the kernel's queue it would not.
public final class TcpListener implements AutoCloseable {
  private final String name;
  private final int maxConnectionCount;
  private final Optional<TlsServer> tls;
  private final SourceMeter meter;
  private final Handler handler;
  private final ServerSocket server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  /// One party for each connection and one until the listener is closed.
  private final Phaser connections = new Phaser(1);

  private volatile boolean isClosing;

  /// Serves one connection to its end, on a thread of its own.
  @FunctionalInterface
  public interface Handler {
    /// Returns when the peer ended the connection or [TcpListener#isClosing] holds.
    ///
    /// @throws WeirException when the peer broke the protocol: counted as malformed
    void serve(Connection connection) throws IOException, InterruptedException;
  }

  /// Takes the address; nothing is accepted before [#start].
  ///
  /// @param meter must count CONNECTION_LIMIT, CONNECTION_FAILED and MALFORMED
  /// @throws WeirException with ADDRESS_IN_USE or USAGE when the address cannot be had
  public TcpListener(
      String name,
      InetSocketAddress listen,
      int maxConnectionCount,
      Optional<TlsServer> tls,
      SourceMeter meter,
      Handler handler) {
    this.name = name;
    this.maxConnectionCount = maxConnectionCount;
    this.tls = tls;
    this.meter = meter;
    this.handler = handler;
    this.server = bind(listen);
  }

  public int port() {
    return server.getLocalPort();
  }

  public void start() {
    Thread.ofVirtual().name("weir-source-" + name + "-accept").start(this::accept);
  }

  /// Whether connections are to be ended.
  public boolean isClosing() {
    return isClosing;
  }

  /// Stops to accept, and waits until every connection was ended by its handler. Idempotent.
  public void close(long waitNanos) {
    if (isClosing) {
      return;
    }
    isClosing = true;
    closeServer();
    connections.arriveAndDeregister();
    try {
      connections.awaitAdvanceInterruptibly(0, waitNanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException e) {
      open.forEach(TcpListener::closeQuietly); // Its handler waits for a peer that does not read.
    }
  }

  @Override
  public void close() {
    close(TimeUnit.MILLISECONDS.toNanos(3L * Connection.TICK_MILLIS));
  }

  private void accept() {
    while (!isClosing) {
      try {
        take(server.accept());
      } catch (IOException e) {
        if (!isClosing) {
          // Out of descriptors, or the peer was gone before: others may still be accepted.
          meter.detail("accept: " + e.getMessage());
          meter.fault(SourceFault.CONNECTION_FAILED);
          pause();
        }
      }
    }
  }

  /// An accept that fails at once must not spin.
  private static void pause() {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
  }

  private void take(Socket socket) throws IOException {
    if (open.size() >= maxConnectionCount || connections.register() < 0) {
      meter.detail("more than " + maxConnectionCount + " connections");
      meter.fault(SourceFault.CONNECTION_LIMIT);
      closeQuietly(socket);
      return;
    }
    open.add(socket);
    Thread.ofVirtual().name("weir-source-" + name + "-tcp").start(() -> serve(socket));
  }

  private void serve(Socket socket) {
    try (socket) {
      Socket secured = tls.isPresent() ? tls.get().secure(socket) : socket;
      handler.serve(new Connection(secured));
    } catch (WeirException e) {
      meter.detail(e.explanation());
      meter.fault(SourceFault.MALFORMED);
    } catch (IOException e) {
      meter.detail(String.valueOf(e.getMessage()));
      meter.fault(SourceFault.CONNECTION_FAILED);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // The thread ends here.
    } finally {
      open.remove(socket);
      connections.arriveAndDeregister();
    }
  }

  private void closeServer() {
    try {
      server.close();
    } catch (IOException e) {
      // The address is free either way once the process ends.
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is gone either way.
    }
  }

  private static ServerSocket bind(InetSocketAddress listen) {
    try {
      ServerSocket server = new ServerSocket();
      server.setReuseAddress(true);
      server.bind(listen);
      return server;
    } catch (BindException e) {
      throw new WeirException(ErrorCode.ADDRESS_IN_USE, listen + " cannot be listened on.", e);
    } catch (IOException e) {
      throw new WeirException(ErrorCode.USAGE, listen + ": " + e.getMessage(), e);
    }
  }
}
