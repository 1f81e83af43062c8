package dev.weir.lab;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.lab.RelayLane.Admission;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// A wire between two processes that can be cut, stalled one way, limited, slowed and delayed,
/// without any right. It splits the TCP connection in two: what it does to bytes is like a network,
/// what TCP would do about it is not to be seen.
///
/// Each connection has two virtual threads per direction: one reads and waits until its direction
/// may pass bytes, one writes each piece when its time has come. A stalled direction is not read
/// either, so the sender's kernel fills up as on a path that drops everything: no close and no
/// reset is seen.
///
/// [Way#OUT] is towards the server. Any thread may use it.
public final class TcpRelay implements AutoCloseable {
  private static final int BUFFER_BYTES = 16 * 1024;
  private static final int DIAL_MILLIS = 2_000;
  private static final Piece END = new Piece(Bytes.EMPTY, 0);

  private final ServerSocket listener;
  private volatile InetSocketAddress target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final RelayLane out;
  private final RelayLane back;
  private final AtomicLong acceptedCount = new AtomicLong();
  private volatile boolean isCut;

  /// Bytes, and when they come out; none at the end of the stream.
  private record Piece(Bytes bytes, long releaseNanos) {
    boolean isEnd() {
      return bytes.isEmpty();
    }
  }

  /// A relay on a free loopback port in front of an address.
  public TcpRelay(InetSocketAddress target) throws IOException {
    this(target, Clock.SYSTEM);
  }

  TcpRelay(InetSocketAddress target, Clock clock) throws IOException {
    this.target = target;
    this.out = new RelayLane(clock);
    this.back = new RelayLane(clock);
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().name("weir-relay").start(this::accept);
  }

  public int port() {
    return listener.getLocalPort();
  }

  /// Sends new connections to another address: a server that came back on another port.
  public void aim(InetSocketAddress newTarget) {
    target = newTarget;
  }

  /// Connections taken so far.
  public long acceptedCount() {
    return acceptedCount.get();
  }

  /// Bytes passed in a direction so far.
  public long passedBytes(Way way) {
    return lane(way).totals().bytes();
  }

  LineTotals totals(Way way) {
    return lane(way).totals();
  }

  /// Resets every connection and refuses new ones.
  public void cut() {
    isCut = true;
    sockets.forEach(TcpRelay::reset);
  }

  /// Takes new connections again, and lets everything through; rate and delay stay.
  public void mend() {
    isCut = false;
    out.mend();
    back.mend();
  }

  /// Lets no byte through in one direction, silently.
  public void stall(Way way) {
    lane(way).stall();
  }

  /// Ends a stall or a limit of one direction.
  public void flow(Way way) {
    lane(way).mend();
  }

  /// Lets this many more bytes through in one direction, then stalls it.
  public void limit(Way way, long bytes) {
    lane(way).limit(bytes);
  }

  /// Delays one direction by so long, at full rate.
  public void delay(Way way, Duration delay) {
    lane(way).shape(0, delay);
  }

  /// Gives one direction a rate and a delay.
  ///
  /// @param bitsPerSecond of all connections together, 0 for no limit
  public void shape(Way way, long bitsPerSecond, Duration delay) {
    lane(way).shape(bitsPerSecond, delay);
  }

  private RelayLane lane(Way way) {
    return switch (way) {
      case OUT -> out;
      case BACK -> back;
    };
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        acceptedCount.incrementAndGet();
        Thread.ofVirtual().name("weir-relay-open").start(() -> connect(client));
      } catch (IOException _) {
        // Closed, or out of descriptors: the loop's condition tells.
      }
    }
  }

  private void connect(Socket client) {
    sockets.add(client);
    Socket server = new Socket();
    sockets.add(server);
    try {
      if (isCut) {
        throw new IOException("cut");
      }
      InetSocketAddress to = target;
      server.connect(new InetSocketAddress(to.getHostString(), to.getPort()), DIAL_MILLIS);
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
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
    AtomicInteger openWays = new AtomicInteger(2);
    carry("out", client, server, out, openWays);
    carry("back", server, client, back, openWays);
  }

  private void carry(
      String name, Socket source, Socket sink, RelayLane lane, AtomicInteger openWays) {
    BlockingQueue<Piece> onTheWay = new LinkedBlockingQueue<>(); // Bounded by the lane's room.
    Thread.ofVirtual()
        .name("weir-relay-read-" + name)
        .start(() -> read(source, sink, lane, onTheWay));
    Thread.ofVirtual()
        .name("weir-relay-write-" + name)
        .start(() -> write(source, sink, lane, onTheWay, openWays));
  }

  private void read(Socket source, Socket sink, RelayLane lane, BlockingQueue<Piece> onTheWay) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try {
      InputStream in = source.getInputStream();
      int length = in.read(buffer);
      while (length >= 0) {
        int from = 0;
        while (from < length) {
          Admission admission = lane.admit(length - from);
          if (admission.lengthBytes() == 0) {
            return;
          }
          byte[] bytes = new byte[admission.lengthBytes()];
          System.arraycopy(buffer, from, bytes, 0, bytes.length);
          onTheWay.add(new Piece(Bytes.wrap(bytes), admission.releaseNanos()));
          from += bytes.length;
        }
        length = in.read(buffer);
      }
    } catch (IOException _) {
      reset(source);
      reset(sink);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      onTheWay.add(END);
    }
  }

  private void write(
      Socket source,
      Socket sink,
      RelayLane lane,
      BlockingQueue<Piece> onTheWay,
      AtomicInteger openWays) {
    try {
      OutputStream stream = sink.getOutputStream();
      Piece piece = onTheWay.take();
      while (!piece.isEnd()) {
        lane.awaitRelease(piece.releaseNanos());
        stream.write(piece.bytes().array(), 0, piece.bytes().length());
        lane.out(piece.bytes().length());
        piece = onTheWay.take();
      }
      sink.shutdownOutput();
    } catch (IOException _) {
      reset(source);
      reset(sink);
      onTheWay.forEach(piece -> lane.out(piece.bytes().length()));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      if (openWays.decrementAndGet() == 0) {
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

  /// Resets everything and gives the port back. Idempotent, never throws.
  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException _) {
      // Gone already.
    }
    out.close();
    back.close();
    sockets.forEach(TcpRelay::reset);
  }
}
