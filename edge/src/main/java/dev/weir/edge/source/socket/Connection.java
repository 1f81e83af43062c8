package dev.weir.edge.source.socket;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;

/// One accepted connection. Its own virtual thread reads; whoever answers may write from another
/// one; any thread may close.
public final class Connection {
  /// How often a reader that waits looks whether it is to stop. Each waiting connection costs a
  /// timer of this period; a close takes up to as long.
  static final int TICK_MILLIS = 500;

  /// 4 MiB: more than a window of a sender holds.
  private static final int MAX_LAST_READS = 1024;

  private final Socket socket;
  private final InputStream input;
  private final OutputStream output;
  private final String peer;

  Connection(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(TICK_MILLIS);
    // A peer that vanished is noticed by the kernel; one that is merely quiet is left alone, since
    // a sender without acks loses what it writes into a connection that was closed behind its back.
    socket.setKeepAlive(true);
    socket.setTcpNoDelay(true);
    this.input = socket.getInputStream();
    this.output = socket.getOutputStream();
    this.peer = socket.getInetAddress().getHostAddress();
  }

  /// Reads what is there, waiting at most half a second for it.
  ///
  /// @return how many bytes came; 0 when none came in time, -1 when none will come any more
  public int read(byte[] target, int offset, int count) throws IOException {
    try {
      return input.read(target, offset, count);
    } catch (SocketTimeoutException e) {
      return 0;
    }
  }

  public OutputStream output() {
    return output;
  }

  /// The sender's address, without its port.
  public String peer() {
    return peer;
  }

  /// Ends our half, then takes what the peer still sends: closing over unread bytes would make the
  /// kernel reset the connection, and the peer might lose our last answers. Waits half a second at
  /// most for a peer that neither sends nor ends.
  public void finish() {
    try {
      socket.shutdownOutput();
      byte[] rest = new byte[4096];
      int readCount = 0;
      while (readCount < MAX_LAST_READS && input.read(rest) > 0) {
        readCount++; // Nothing of it was promised: its sender has no answer and keeps it.
      }
    } catch (IOException e) {
      // The peer is gone, which is what was waited for.
    }
    close();
  }

  /// Idempotent, never throws; a read that waits ends.
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // It is gone either way.
    }
  }
}
