package dev.weir.link;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/// A long path between a client and a core: every piece arrives half a round trip after it was
/// sent, however many are on the way. It splits TCP in two, so what it bounds is what is on the
/// way, as the buffers of a path do.
final class DelayRelay implements AutoCloseable {
  private static final int PIECE_BYTES = 64 << 10;

  /// 16 MiB on the way.
  private static final int PIECES = 256;

  private final ServerSocket listener;
  private final int targetPort;
  private final long oneWayNanos;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  @SuppressWarnings("ArrayRecordComponent") // Made here, written here, and gone.
  private record Piece(byte[] bytes, long dueNanos) {}

  DelayRelay(int targetPort, Duration roundTrip) {
    this.targetPort = targetPort;
    this.oneWayNanos = roundTrip.toNanos() / 2;
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().name("weir-test-delay").start(this::accept);
  }

  URI uri() {
    return URI.create("grpc://127.0.0.1:" + listener.getLocalPort());
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Socket core = new Socket(InetAddress.getLoopbackAddress(), targetPort);
        sockets.add(client);
        sockets.add(core);
        carry(client, core);
        carry(core, client);
      } catch (IOException e) {
        return; // Closed by the test.
      }
    }
  }

  private void carry(Socket from, Socket to) {
    BlockingQueue<Piece> way = new ArrayBlockingQueue<>(PIECES);
    Thread.ofPlatform().daemon().start(() -> read(from, to, way));
    Thread.ofPlatform().daemon().start(() -> write(from, to, way));
  }

  private void read(Socket from, Socket to, BlockingQueue<Piece> way) {
    byte[] buffer = new byte[PIECE_BYTES];
    try {
      InputStream in = from.getInputStream();
      int count = in.read(buffer);
      while (count >= 0) {
        byte[] bytes = new byte[count];
        System.arraycopy(buffer, 0, bytes, 0, count);
        way.put(new Piece(bytes, System.nanoTime() + oneWayNanos));
        count = in.read(buffer);
      }
      way.put(new Piece(new byte[0], System.nanoTime() + oneWayNanos));
    } catch (IOException e) {
      cut(from, to);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void write(Socket from, Socket to, BlockingQueue<Piece> way) {
    try {
      OutputStream out = to.getOutputStream();
      Piece piece = way.take();
      while (piece.bytes().length > 0) {
        for (long left = left(piece); left > 0; left = left(piece)) {
          LockSupport.parkNanos(left);
        }
        out.write(piece.bytes());
        piece = way.take();
      }
    } catch (IOException e) {
      // Cut, by either side.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    cut(from, to);
  }

  private static long left(Piece piece) {
    return piece.dueNanos() - System.nanoTime();
  }

  private static void cut(Socket one, Socket other) {
    try {
      one.close();
      other.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
