package dev.weir.edge.source.socket;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.edge.source.SourceFault;
import dev.weir.edge.source.SourceMeter;
import java.io.IOException;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Receives datagrams on one virtual thread, `weir-source-NAME-udp`.
///
/// Nobody can be told that a datagram was not taken. So nothing is dropped here: while the handler
/// waits for room, datagrams gather in the kernel's buffer, and what the kernel drops is counted by
/// the kernel and shown as its drops.
public final class UdpReceiver implements AutoCloseable {
  /// Holds a second of 20,000 datagrams of 200 bytes. The kernel gives less where
  /// `net.core.rmem_max` is smaller; [#bufferAdvice] says so.
  private static final int BUFFER_BYTES = 4 << 20;

  /// The largest datagram of IPv4 and of IPv6 without jumbograms.
  private static final int MAX_DATAGRAM_BYTES = 65_535;

  private final String name;
  private final DatagramChannel channel;
  private final InetSocketAddress local;
  private final SourceMeter meter;
  private final Handler handler;
  private volatile boolean isClosed;
  private long toldDrops;

  /// Takes one datagram.
  @FunctionalInterface
  public interface Handler {
    /// May wait for room.
    ///
    /// @param peer the sender's address, without its port
    /// @return false when the source is being closed
    boolean take(Bytes datagram, String peer) throws InterruptedException;
  }

  /// Takes the address; nothing is received before [#start].
  ///
  /// @param meter must count KERNEL_DROP and CONNECTION_FAILED
  /// @throws WeirException with ADDRESS_IN_USE or USAGE when the address cannot be had
  public UdpReceiver(String name, InetSocketAddress listen, SourceMeter meter, Handler handler) {
    this.name = name;
    this.meter = meter;
    this.handler = handler;
    this.channel = bind(listen);
    try {
      this.local = (InetSocketAddress) channel.getLocalAddress();
    } catch (IOException e) {
      throw new WeirException(ErrorCode.USAGE, listen + ": " + e.getMessage(), e);
    }
  }

  public int port() {
    return local.getPort();
  }

  /// What to do when the kernel gives a smaller buffer than was asked for; empty when it does not.
  public String bufferAdvice() {
    try {
      int given = channel.getOption(StandardSocketOptions.SO_RCVBUF);
      return given >= BUFFER_BYTES
          ? ""
          : "the kernel holds %,d bytes of datagrams, asked for were %,d: raise net.core.rmem_max"
              .formatted(given, BUFFER_BYTES);
    } catch (IOException e) {
      return "";
    }
  }

  public void start() {
    Thread.ofVirtual().name("weir-source-" + name + "-udp").start(this::run);
  }

  /// Adds to the meter what the kernel dropped since the last call; any thread.
  public synchronized void countDrops() {
    OptionalLong drops = isClosed ? OptionalLong.empty() : KernelDrops.of(local);
    if (drops.isPresent() && drops.getAsLong() > toldDrops) {
      meter.fault(SourceFault.KERNEL_DROP, drops.getAsLong() - toldDrops);
      toldDrops = drops.getAsLong();
    }
  }

  /// What waits in the kernel is lost; its senders know that datagrams may be. Idempotent.
  @Override
  public void close() {
    countDrops();
    isClosed = true;
    try {
      channel.close();
    } catch (IOException e) {
      // It is gone either way.
    }
  }

  private void run() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(MAX_DATAGRAM_BYTES);
    boolean isTaken = true;
    while (!isClosed && isTaken) {
      buffer.clear();
      try {
        InetSocketAddress peer = (InetSocketAddress) channel.receive(buffer);
        isTaken = handler.take(Bytes.copyOf(buffer.flip()), peer.getAddress().getHostAddress());
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        // The kernel tells of a port that was unreachable before; the next receive goes on.
        meter.detail(String.valueOf(e.getMessage()));
        meter.fault(SourceFault.CONNECTION_FAILED);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private static DatagramChannel bind(InetSocketAddress listen) {
    // A family of its own: an IPv4 address on a socket of both families has two names in /proc.
    boolean isIpv4 = listen.getAddress() instanceof Inet4Address;
    if (listen.isUnresolved()) {
      throw new WeirException(
          ErrorCode.USAGE, "The name " + listen.getHostString() + " cannot be resolved.");
    }
    try {
      DatagramChannel channel =
          DatagramChannel.open(isIpv4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
      channel.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER_BYTES);
      return channel.bind(listen);
    } catch (BindException e) {
      throw new WeirException(ErrorCode.ADDRESS_IN_USE, listen + " cannot be listened on.", e);
    } catch (IOException e) {
      throw new WeirException(ErrorCode.USAGE, listen + ": " + e.getMessage(), e);
    }
  }
}
