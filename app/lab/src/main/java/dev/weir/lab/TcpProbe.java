package dev.weir.lab;

import dev.weir.base.Clock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;

/// Probes a relay with one TCP connection: single bytes for the round trip, and for the rate as
/// much as goes, read at the far side.
final class TcpProbe implements Probe {
  private static final int CHUNK_BYTES = 16 << 10;

  private final Clock clock;
  private final Socket near;
  private final Socket far;

  TcpProbe(RelayLab lab, Clock clock) throws IOException {
    this.clock = clock;
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String host = InetAddress.getLoopbackAddress().getHostAddress();
      InetSocketAddress relay =
          lab.dial(InetSocketAddress.createUnresolved(host, listener.getLocalPort()));
      near = new Socket(relay.getHostString(), relay.getPort());
      far = listener.accept();
    }
    near.setTcpNoDelay(true);
    far.setTcpNoDelay(true);
  }

  @Override
  public long rttNanos(int count) throws IOException {
    long[] nanos = new long[count];
    Thread echo = Thread.ofVirtual().name("weir-lab-echo").start(() -> echo(count));
    for (int i = 0; i < count; i++) {
      long startNanos = clock.nanoTime();
      near.getOutputStream().write(1);
      int _ = near.getInputStream().read();
      nanos[i] = clock.nanoTime() - startNanos;
    }
    echo.interrupt();
    Arrays.sort(nanos);
    return nanos[count / 2];
  }

  private void echo(int count) {
    try {
      for (int i = 0; i < count; i++) {
        far.getOutputStream().write(far.getInputStream().read());
      }
    } catch (IOException _) {
      // The near side misses its answer and says so.
    }
  }

  @Override
  public double bitsPerSecond(long offeredBitsPerSecond, Duration time) throws IOException {
    long offeredBytes = (long) (offeredBitsPerSecond / 8.0 * time.toNanos() / 1e9);
    Thread.ofVirtual().name("weir-lab-send").start(() -> send(offeredBytes));
    byte[] chunk = new byte[CHUNK_BYTES];
    int length = far.getInputStream().read(chunk);
    long firstNanos = clock.nanoTime();
    long lastNanos = firstNanos;
    long bytes = length; // What came first only starts the watch.
    long timed = 0;
    while (bytes < offeredBytes && length >= 0) {
      length = far.getInputStream().read(chunk);
      lastNanos = clock.nanoTime();
      bytes += length;
      timed += length;
    }
    return timed * 8e9 / (lastNanos - firstNanos);
  }

  private void send(long offeredBytes) {
    byte[] chunk = new byte[CHUNK_BYTES];
    try {
      for (long sent = 0; sent < offeredBytes; sent += chunk.length) {
        near.getOutputStream().write(chunk);
      }
    } catch (IOException _) {
      // The far side sees the end.
    }
  }

  @Override
  public void close() {
    for (Socket socket : new Socket[] {near, far}) {
      try {
        socket.close();
      } catch (IOException _) {
        // Gone already.
      }
    }
  }
}
