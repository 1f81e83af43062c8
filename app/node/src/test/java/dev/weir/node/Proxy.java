package dev.weir.node;

import dev.weir.config.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Passes connections on, each with a header before what its client says.
final class Proxy implements AutoCloseable {
  private final ServerSocket listener;
  private final HostPort target;
  private final byte[] header;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  Proxy(HostPort target, byte[] header) throws IOException {
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.target = target;
    this.header = header;
    Thread.startVirtualThread(this::accept);
  }

  /// A PROXY header, version 2, of a client at an IPv4 address, to 127.0.0.1:4750.
  static byte[] header(String client, int port) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(28);
    header.put("\r\n\r\n\0\r\nQUIT\n".getBytes(StandardCharsets.US_ASCII)); // the signature
    header.put((byte) 0x21).put((byte) 0x11).putShort((short) 12); // PROXY, TCP over IPv4, length
    header.put(InetAddress.getByName(client).getAddress());
    header.put(InetAddress.getLoopbackAddress().getAddress());
    return header.putShort((short) port).putShort((short) 4750).array();
  }

  HostPort address() {
    return new HostPort("127.0.0.1", listener.getLocalPort());
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        Socket server = new Socket(target.host(), target.port());
        open.add(client);
        open.add(server);
        server.getOutputStream().write(header);
        Thread.startVirtualThread(() -> pass(client, server));
        Thread.startVirtualThread(() -> pass(server, client));
      }
    } catch (IOException _) {
      // It is closed.
    }
  }

  private static void pass(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException _) {
      // Either end is gone.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
