package dev.weir.wire;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A server that says to one client what a test writes, and reads nothing.
final class RawServer implements AutoCloseable {
  private final ServerSocket listener;
  private @Nullable Socket socket;

  RawServer() throws IOException {
    listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  WireConnection connect(WireConnector connector, ConnectionHandler handler) throws Exception {
    WireConnection connection =
        connector.connect(address(), handler).toCompletableFuture().get(10, TimeUnit.SECONDS);
    accept();
    return connection;
  }

  SocketAddress address() {
    return listener.getLocalSocketAddress();
  }

  void accept() throws IOException {
    socket = listener.accept();
  }

  /// Ends the connection in both directions at once, with what was not read yet.
  void reset() throws IOException {
    Socket open = opened();
    open.setSoLinger(true, 0);
    open.close();
  }

  /// Answers the client's hello with its epoch.
  void writeHello(int epoch) throws IOException {
    writeHex(
        "00000012 02 00 0040 00000000 00000000  0001 0002 0100 0004 0008 00000000%08x"
            .formatted(epoch));
  }

  void writeHex(String hex) throws IOException {
    OutputStream out = opened().getOutputStream();
    out.write(RawPeer.hex(hex));
    out.flush();
  }

  private Socket opened() throws IOException {
    Socket open = socket;
    if (open == null) {
      throw new IOException("nobody has connected");
    }
    return open;
  }

  @Override
  public void close() throws IOException {
    if (socket != null) {
      socket.close();
    }
    listener.close();
  }
}
