package dev.weir.lab;

import dev.weir.base.Clock;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;

/// Probes a network with UDP: an echo for the round trip, and for the rate a stream that is paced a
/// quarter above it, so that the queue before the narrowest place stays full. The time between the
/// first and the last packet that came out gives the rate.
final class UdpProbe implements Probe {
  private static final int IP_AND_UDP_BYTES = 28;
  private static final int PING_BYTES = 64;
  private static final int PATIENCE_MILLIS = 3_000;

  /// After so long without a packet the stream has ended.
  private static final int SILENCE_MILLIS = 600;

  private final Clock clock;
  private final int datagramBytes;
  private final DatagramSocket near;
  private final DatagramSocket far;

  UdpProbe(TunLab lab, int mtu, Clock clock) throws IOException {
    this.clock = clock;
    this.datagramBytes = mtu - IP_AND_UDP_BYTES;
    this.near = lab.within(Side.NEAR, () -> open(lab.address(Side.NEAR)));
    this.far = lab.within(Side.FAR, () -> open(lab.address(Side.FAR)));
    near.connect(far.getLocalSocketAddress());
    far.connect(near.getLocalSocketAddress());
  }

  private static DatagramSocket open(String host) throws IOException {
    DatagramSocket socket =
        new DatagramSocket(new InetSocketAddress(InetAddress.getByName(host), 0));
    socket.setReceiveBufferSize(4 << 20);
    return socket;
  }

  @Override
  public long rttNanos(int count) throws IOException {
    near.setSoTimeout(PATIENCE_MILLIS);
    far.setSoTimeout(PATIENCE_MILLIS);
    Thread echo = Thread.ofPlatform().name("weir-lab-echo").daemon().start(() -> echo(count));
    long[] nanos = new long[count];
    byte[] bytes = new byte[PING_BYTES];
    for (int i = 0; i < count; i++) {
      long startNanos = clock.nanoTime();
      near.send(new DatagramPacket(bytes, bytes.length));
      near.receive(new DatagramPacket(bytes, bytes.length));
      nanos[i] = clock.nanoTime() - startNanos;
    }
    echo.interrupt();
    Arrays.sort(nanos);
    return nanos[count / 2];
  }

  private void echo(int count) {
    byte[] bytes = new byte[PING_BYTES];
    try {
      for (int i = 0; i < count; i++) {
        DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
        far.receive(packet);
        far.send(new DatagramPacket(bytes, packet.getLength()));
      }
    } catch (IOException _) {
      // The near side misses its answer and says so.
    }
  }

  @Override
  public double bitsPerSecond(long offeredBitsPerSecond, Duration time) throws IOException {
    FutureTask<Double> received = new FutureTask<>(this::receive);
    Thread.ofPlatform().name("weir-lab-receive").daemon().start(received);
    byte[] bytes = new byte[datagramBytes];
    double nanosPerPacket = (datagramBytes + IP_AND_UDP_BYTES) * 8e9 / offeredBitsPerSecond;
    long startNanos = clock.nanoTime();
    long count = (long) (time.toNanos() / nanosPerPacket);
    for (long i = 0; i < count; i++) {
      long dueNanos = startNanos + (long) (i * nanosPerPacket);
      while (dueNanos - clock.nanoTime() > 0) {
        LockSupport.parkNanos(dueNanos - clock.nanoTime());
      }
      near.send(new DatagramPacket(bytes, bytes.length));
    }
    try {
      return received.get();
    } catch (ExecutionException e) {
      throw new IOException("nothing came out at the far side", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while measuring", e);
    }
  }

  private double receive() throws IOException {
    far.setSoTimeout(PATIENCE_MILLIS);
    byte[] bytes = new byte[datagramBytes];
    long firstNanos = 0;
    long lastNanos = 0;
    long packets = -1; // The first one only starts the watch.
    try {
      while (true) {
        far.receive(new DatagramPacket(bytes, bytes.length));
        lastNanos = clock.nanoTime();
        firstNanos = packets < 0 ? lastNanos : firstNanos;
        packets++;
        far.setSoTimeout(SILENCE_MILLIS);
      }
    } catch (SocketTimeoutException e) {
      if (packets < 1) {
        throw e;
      }
    }
    return packets * (datagramBytes + IP_AND_UDP_BYTES) * 8e9 / (lastNanos - firstNanos);
  }

  @Override
  public void close() {
    near.close();
    far.close();
  }
}
