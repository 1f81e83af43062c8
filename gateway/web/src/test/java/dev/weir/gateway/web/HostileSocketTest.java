package dev.weir.gateway.web;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.ByteSize;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Sockets that say too much, too little, or what means nothing; the memory that they hold together
/// stays within its bound.
@Timeout(120)
final class HostileSocketTest {
  private static final int TEXT = 0x81;
  private static final int BINARY = 0x82;
  private static final int PING = 0x89;

  /// As many looks in a row at which nothing is taken any more.
  private static final int CALM_LOOKS = 100;

  @TempDir Path directory;
  private Door door;

  @BeforeEach
  void open() {
    door = new Door(directory);
  }

  @AfterEach
  void close() {
    door.close();
  }

  private Socket shake(String protocol) throws IOException {
    return shake(door, protocol);
  }

  private static Socket shake(Door door, String protocol) throws IOException {
    Socket socket = door.socket();
    socket.getOutputStream().write(handshake(protocol));
    InputStream in = socket.getInputStream();
    int ends = 0;
    while (ends < 4) {
      ends = in.read() == "\r\n\r\n".charAt(ends) ? ends + 1 : 0;
    }
    return socket;
  }

  private static byte[] handshake(String protocol) {
    return Door.head(
            "GET /v1/ws HTTP/1.1",
            "Host: localhost",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Protocol: " + protocol,
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")
        .getBytes(StandardCharsets.US_ASCII);
  }

  /// The head of a frame as a client masks it (RFC 6455 §5.2), with the key 0.
  private static byte[] head(int kind, long length) {
    ByteBuffer head = ByteBuffer.allocate(14);
    head.put((byte) kind);
    if (length < 126) {
      head.put((byte) (0x80 | length));
    } else {
      head.put((byte) (0x80 | 127)).putLong(length);
    }
    head.putInt(0);
    return Arrays.copyOf(head.array(), head.position());
  }

  private static byte[] frame(int kind, byte[] payload) {
    byte[] head = head(kind, payload.length);
    byte[] frame = Arrays.copyOf(head, head.length + payload.length);
    System.arraycopy(payload, 0, frame, head.length, payload.length);
    return frame;
  }

  /// Everything that is said to the end of the connection.
  private static String ending(Socket socket) throws IOException {
    StringBuilder heard = new StringBuilder();
    try {
      InputStream in = socket.getInputStream();
      for (int next = in.read(); next >= 0; next = in.read()) {
        heard.append((char) next);
      }
    } catch (SocketException _) {
      // It may reset what it does not read.
    }
    return heard.toString();
  }

  private static String close(int code) {
    return "" + (char) (code >> 8) + (char) (code & 0xff);
  }

  @Test
  void boundsWhatHalfFramesHold() throws IOException {
    ByteSize held = ByteSize.ofMebibytes(4);
    byte[] part = new byte[900_000];
    Arrays.fill(part, (byte) 'x');
    List<Socket> halves = new ArrayList<>();
    try (Door small = new Door(directory.resolve("small"), Door.LIMITS.withHeld(held))) {
      for (int i = 0; i < 10; i++) {
        Socket socket = shake(small, "weir.json.v1");
        halves.add(socket);
        try {
          socket.getOutputStream().write(head(TEXT, 1_000_000));
          socket.getOutputStream().write(part);
        } catch (SocketException _) {
          // It was refused already.
        }
        assertThat(small.web.stats().heldBytes()).isLessThanOrEqualTo(held.bytes());
      }
      eventually("the last are refused", () -> small.web.stats().faultyFrames() >= 5);

      assertThat(small.web.stats().faultyFrames()).isLessThan(8);
      assertThat(small.get("/livez").statusCode()).isEqualTo(200);
      for (Socket socket : halves) {
        socket.close();
      }
      eventually("nothing is held", () -> small.web.stats().heldBytes() == 0);
      eventually("they are cleared away", () -> small.web.stats().sockets() == 0);
    }
  }

  @Test
  void boundsWhatPartsBetweenPingsHold() throws IOException {
    byte[] part = new byte[100_000];
    Arrays.fill(part, (byte) 'x');
    try (Socket socket = shake("weir.json.v1")) {
      socket.getOutputStream().write(frame(0x01, part));
      for (int i = 0; i < 5; i++) {
        socket.getOutputStream().write(frame(PING, new byte[100]));
        socket.getOutputStream().write(frame(0x00, part));
      }
      eventually("all of it counts", () -> door.web.stats().heldBytes() >= 500_000);
    }
    eventually("nothing is held", () -> door.web.stats().heldBytes() == 0);
  }

  @Test
  void countsNoControlFramesOfALongLife() throws IOException {
    try (Socket socket = shake("weir.json.v1")) {
      for (int i = 0; i < 3_000; i++) { // More than a socket may have without asking.
        socket.getOutputStream().write(frame(0x8a, new byte[100]));
      }
      byte[] last = "{\"op\":\"ping\"}".getBytes(StandardCharsets.UTF_8);
      socket.getOutputStream().write(frame(TEXT, last));
      InputStream in = socket.getInputStream();
      StringBuilder heard = new StringBuilder();
      while (!heard.toString().endsWith("{\"op\":\"pong\"}")) {
        heard.append((char) in.read());
      }
      assertThat(door.web.stats().heldBytes()).isZero();
    }
  }

  @Test
  void closesWithACodeWhatMeansNothing() throws IOException {
    String deep = "[".repeat(1_000_000);
    String wide = "[" + "1,".repeat(400_000) + "1]";
    byte[] deepCbor = new byte[1_000_000];
    Arrays.fill(deepCbor, (byte) 0x9f);
    assertThat(answer("weir.json.v1", head(TEXT, 1L << 62))).contains(close(1009));
    assertThat(answer("weir.json.v1", frame(TEXT, new byte[] {'"', (byte) 0xc3, '"'})))
        .contains(close(1007));
    assertThat(answer("weir.json.v1", frame(TEXT, deep.getBytes(StandardCharsets.US_ASCII))))
        .contains(close(1007) + "WEIR-7003");
    assertThat(answer("weir.json.v1", frame(TEXT, wide.getBytes(StandardCharsets.US_ASCII))))
        .contains(close(1007) + "WEIR-7003");
    assertThat(answer("weir.bin.v1", frame(BINARY, deepCbor))).contains(close(1007) + "WEIR-7003");
    assertThat(answer("weir.bin.v1", frame(BINARY, new byte[] {(byte) 0xa1, 0x62, (byte) 0xc3, 1})))
        .contains(close(1007) + "WEIR-7002");
    assertThat(door.web.stats().faultyFrames()).isEqualTo(6);
    eventually("they are cleared away", () -> door.web.stats().sockets() == 0);
  }

  private String answer(String protocol, byte[] frame) throws IOException {
    try (Socket socket = shake(protocol)) {
      try {
        socket.getOutputStream().write(frame);
      } catch (SocketException _) {
        // It has heard enough.
      }
      return ending(socket);
    }
  }

  /// What it says is answered; who reads no answers is read no more.
  @Test
  void stopsReadingWhoNeverReads() throws IOException {
    for (byte[] said :
        List.of(
            frame(TEXT, "{\"op\":\"ping\"}".getBytes(StandardCharsets.UTF_8)),
            frame(TEXT, "{\"op\":\"dance\"}".getBytes(StandardCharsets.UTF_8)),
            frame(PING, new byte[100]))) {
      try (SocketChannel mute = mute()) {
        ByteBuffer out = ByteBuffer.allocate(1 << 20);
        while (out.remaining() >= said.length) {
          out.put(said);
        }
        out.flip();
        int[] calm = {0};
        eventually(
            "it is read no more: " + new String(said, StandardCharsets.ISO_8859_1).strip(),
            () -> {
              calm[0] = write(mute, out) == 0 ? calm[0] + 1 : 0;
              return calm[0] >= CALM_LOOKS;
            });
        assertThat(door.web.stats().heldBytes()).isLessThan(2 << 20);
        assertThat(door.get("/livez").statusCode()).isEqualTo(200);
      }
      eventually("it is cleared away", () -> door.web.stats().sockets() == 0);
    }
    eventually("nothing is held", () -> door.web.stats().heldBytes() == 0);
  }

  private static int write(SocketChannel channel, ByteBuffer out) {
    try {
      int written = channel.write(out);
      if (!out.hasRemaining()) {
        out.rewind();
      }
      return written;
    } catch (IOException e) {
      throw new AssertionError("it was cut", e);
    }
  }

  /// A client with small buffers that reads nothing.
  private SocketChannel mute() throws IOException {
    SocketChannel channel = SocketChannel.open();
    channel.setOption(StandardSocketOptions.SO_RCVBUF, 8 << 10);
    channel.setOption(StandardSocketOptions.SO_SNDBUF, 8 << 10);
    channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), door.port.port()));
    channel.write(ByteBuffer.wrap(handshake("weir.json.v1")));
    eventually("it is a socket", () -> door.web.stats().sockets() == 1);
    channel.configureBlocking(false);
    return channel;
  }
}
