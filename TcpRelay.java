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
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A wire between two processes that a test can cut, stall one way, limit and delay.
///
/// Each connection has two pumps, one per direction: a virtual thread reads, waits until its
/// direction may pass bytes, and puts them on the way, from which another one writes each piece
/// when its delay is over. A stalled direction is not read either, so the sender's kernel fills up
/// as on a path that drops everything: no close and no reset is seen.
final class TcpRelay implements AutoCloseable {
  /// The two ways through the relay.
  enum Direction {
    TO_SERVER,
    TO_CLIENT
  }

  private static final int BUFFER_BYTES = 16 * 1024;

  /// 16 MiB: more than a window that is tested here.
  private static final int PIECES_ON_THE_WAY = 1024;

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

    /// When what is admitted now is to arrive.
    long dueNanos() {
      lock.lock();
      try {
        return System.nanoTime() + delayNanos;
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
        return admitted;
      } finally {
        lock.unlock();
      }
    }
  }

  /// Bytes on the way.
  @SuppressWarnings("ArrayRecordComponent") // Made here, written here, and gone.
  private record Piece(long dueNanos, byte[] bytes) {
    Piece(long dueNanos, byte[] buffer, int from, int length) {
      this(dueNanos, Arrays.copyOfRange(buffer, from, from + length));
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

  /// Lets each piece arrive so much later, however many are on the way: about half a round trip.
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
    BlockingQueue<Piece> way = new ArrayBlockingQueue<>(PIECES_ON_THE_WAY);
    Thread writer =
        Thread.ofVirtual().name("weir-it-relay-write").start(() -> deliver(way, source, sink));
    byte[] buffer = new byte[BUFFER_BYTES];
    try {
      InputStream in = source.getInputStream();
      int length = in.read(buffer);
      while (length >= 0) {
        int from = 0;
        while (from < length) {
          int admitted = lane.admit(length - from);
          if (admitted == 0) {
            return;
          }
          put(way, writer, new Piece(lane.dueNanos(), buffer, from, admitted));
          from += admitted;
        }
        length = in.read(buffer);
      }
      put(way, writer, new Piece(lane.dueNanos(), buffer, 0, 0));
      writer.join();
    } catch (IOException _) {
      reset(source);
      reset(sink);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      writer.interrupt();
      if (openPumps.decrementAndGet() == 0) {
        forget(source);
        forget(sink);
      }
    }
  }

  private static void put(BlockingQueue<Piece> way, Thread writer, Piece piece)
      throws IOException, InterruptedException {
    while (!way.offer(piece, 100, TimeUnit.MILLISECONDS)) {
      if (!writer.isAlive()) {
        throw new IOException("the other end is gone");
      }
    }
  }

  /// Writes each piece when it is due; an empty one ends the stream.
  private static void deliver(BlockingQueue<Piece> way, Socket source, Socket sink) {
    try {
      OutputStream out = sink.getOutputStream();
      Piece piece = way.take();
      while (piece.bytes().length > 0) {
        TimeUnit.NANOSECONDS.sleep(piece.dueNanos() - System.nanoTime());
        out.write(piece.bytes());
        piece = way.take();
      }
      sink.shutdownOutput();
    } catch (IOException _) {
      reset(source);
      reset(sink);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
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
