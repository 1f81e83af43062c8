package dev.weir.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A wire between two processes that a test can cut, stall one way, limit and delay.
///
/// Each connection has two pumps, one virtual thread per direction. A pump reads, waits until its
/// direction may pass bytes, waits the delay, writes. A stalled direction is not read either, so
/// the sender's kernel fills up as on a path that drops everything: no close and no reset is seen.
final class TcpRelay implements AutoCloseable {
  /// The two ways through the relay.
  enum Direction {
    TO_SERVER,
    TO_CLIENT
  }

  private static final int BUFFER_BYTES = 16 * 1024;
  private static final int DIAL_MILLIS = 2_000;

  private final ServerSocket listener;
  private volatile InetSocketAddress target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final Lane toServer = new Lane();
  private final Lane toClient = new Lane();
  private final AtomicLong acceptedCount = new AtomicLong();
  private volatile boolean isCut;

  /// What one direction may do now; the lock guards the fields below it.
  private static final class Lane {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean isStalled;
    private boolean isClosed;
    private long budgetBytes = Long.MAX_VALUE;
    private long delayNanos;
    private long passedBytes;

    void change(Runnable step) {
      lock.lock();
      try {
        step.run();
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    /// Waits until bytes may pass and returns how many of these; 0 when the relay is closed.
    int admit(int lengthBytes) throws InterruptedException {
      lock.lockInterruptibly();
      try {
        while ((isStalled || budgetBytes == 0) && !isClosed) {
          changed.await();
        }
        int admitted = isClosed ? 0 : (int) Math.min(lengthBytes, budgetBytes);
        if (budgetBytes != Long.MAX_VALUE) {
          budgetBytes -= admitted;
        }
        passedBytes += admitted;
        long remainingNanos = admitted == 0 ? 0 : delayNanos;
        while (remainingNanos > 0 && !isClosed) {
          remainingNanos = changed.awaitNanos(remainingNanos);
        }
        return admitted;
      } finally {
        lock.unlock();
      }
    }
  }

  /// A relay on a free loopback port in front of an address.
  TcpRelay(InetSocketAddress target) throws IOException {
    this.target = target;
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().name("weir-it-relay").start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /// Sends new connections to another address: a server that came back on another port.
  void aim(InetSocketAddress newTarget) {
    target = newTarget;
  }

  /// Connections taken so far.
  long acceptedCount() {
    return acceptedCount.get();
  }

  /// Bytes passed in a direction so far.
  long passedBytes(Direction direction) {
    Lane lane = lane(direction);
    lane.lock.lock();
    try {
      return lane.passedBytes;
    } finally {
      lane.lock.unlock();
    }
  }

  /// Resets every connection and refuses new ones.
  void cut() {
    isCut = true;
    sockets.forEach(TcpRelay::reset);
  }

  /// Takes new connections again.
  void mend() {
    isCut = false;
    for (Direction direction : Direction.values()) {
      Lane lane = lane(direction);
      lane.change(() -> {
        lane.isStalled = false;
        lane.budgetBytes = Long.MAX_VALUE;
      });
    }
  }

  /// Lets no byte through in one direction, silently.
  void stall(Direction direction) {
    Lane lane = lane(direction);
    lane.change(() -> lane.isStalled = true);
  }

  /// Lets this many more bytes through in one direction, then stalls it.
  void limit(Direction direction, long bytes) {
    Lane lane = lane(direction);
    lane.change(() -> lane.budgetBytes = bytes);
  }

  /// Holds each piece back for a while: about a round trip when set in one direction.
  void delay(Direction direction, Duration delay) {
    Lane lane = lane(direction);
    lane.change(() -> lane.delayNanos = delay.toNanos());
  }

  private Lane lane(Direction direction) {
    return switch (direction) {
      case TO_SERVER -> toServer;
      case TO_CLIENT -> toClient;
    };
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        acceptedCount.incrementAndGet();
        Thread.ofVirtual().name("weir-it-relay-open").start(() -> connect(client));
      } catch (IOException _) {
        // Closed, or out of descriptors: the loop's condition tells.
      }
    }
  }

  private void connect(Socket client) {
    sockets.add(client);
    if (isCut) {
      reset(client);
      return;
    }
    Socket server = new Socket();
    sockets.add(server);
    try {
      InetSocketAddress to = target;
      server.connect(new InetSocketAddress(to.getHostString(), to.getPort()), DIAL_MILLIS);
    } catch (IOException _) {
      reset(client);
      reset(server);
      return;
    }
    if (isCut) {
      reset(client);
      reset(server);
      return;
    }
    AtomicInteger openPumps = new AtomicInteger(2);
    Thread.ofVirtual()
        .name("weir-it-relay-up")
        .start(() -> pump(client, server, toServer, openPumps));
    Thread.ofVirtual()
        .name("weir-it-relay-down")
        .start(() -> pump(server, client, toClient, openPumps));
  }

  private void pump(Socket source, Socket sink, Lane lane, AtomicInteger openPumps) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try {
      InputStream in = source.getInputStream();
      OutputStream out = sink.getOutputStream();
      int length = in.read(buffer);
      while (length >= 0) {
        int from = 0;
        while (from < length) {
          int admitted = lane.admit(length - from);
          if (admitted == 0) {
            return;
          }
          out.write(buffer, from, admitted);
          from += admitted;
        }
        length = in.read(buffer);
      }
      sink.shutdownOutput();
    } catch (IOException _) {
      reset(source);
      reset(sink);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      if (openPumps.decrementAndGet() == 0) {
        forget(source);
        forget(sink);
      }
    }
  }

  /// Closes a connection whose both directions have ended.
  private void forget(Socket socket) {
    sockets.remove(socket);
    try {
      socket.close();
    } catch (IOException _) {
      // Gone already.
    }
  }

  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException _) {
      // Gone already.
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    toServer.change(() -> toServer.isClosed = true);
    toClient.change(() -> toClient.isClosed = true);
    sockets.forEach(TcpRelay::reset);
  }
}
