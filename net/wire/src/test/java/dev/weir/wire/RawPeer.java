package dev.weir.wire;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Objects;

/// A peer that writes bytes as a test says, and reads frame by frame.
final class RawPeer implements AutoCloseable {
  private final Socket socket = new Socket();
  private final OutputStream out;
  private final DataInputStream in;

  RawPeer(InetSocketAddress address) throws IOException {
    socket.connect(address, 5_000);
    socket.setSoTimeout(10_000);
    out = socket.getOutputStream();
    in = new DataInputStream(socket.getInputStream());
  }

  void write(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  /// Writes hexadecimal digits; blanks, and what follows a word's first letter, are comments.
  void writeHex(String hex) throws IOException {
    write(hex(hex));
  }

  /// A recorded conversation.
  static String resource(String name) throws IOException {
    try (InputStream file = Objects.requireNonNull(RawPeer.class.getResourceAsStream(name))) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  static byte[] hex(String text) {
    StringBuilder digits = new StringBuilder();
    text.lines().forEach(line -> digits.append(line.split("#", 2)[0].replace(" ", "")));
    return HexFormat.of().parseHex(digits);
  }

  /// The next frame as `TYPE sid mid body`, the body as text. Measurements of the path, which come
  /// whenever data went, are passed over.
  String readFrame() throws IOException {
    int len = in.readInt();
    FrameType type = FrameType.of(in.readUnsignedByte());
    int flags = in.readUnsignedByte();
    in.readUnsignedShort();
    int sid = in.readInt();
    int mid = in.readInt();
    byte[] rest = new byte[len];
    in.readFully(rest);
    if (type == FrameType.PING && rest[0] < 0) {
      return readFrame(); // The id of a measurement begins with the highest bit.
    }
    int ext = (flags & FrameHeader.EXT) == 0 ? 0 : 2 + ((rest[0] & 0xff) << 8 | (rest[1] & 0xff));
    String body =
        type == FrameType.HELLO_ACK ? "" : new String(rest, ext, len - ext, StandardCharsets.UTF_8);
    return (type + " " + sid + " " + mid + " " + body).strip();
  }

  /// A frame, with what stands behind its header.
  static final class Frame {
    private final int flags;
    private final byte[] payload;

    private Frame(int flags, byte[] payload) {
      this.flags = flags;
      this.payload = payload;
    }

    int flags() {
      return flags;
    }

    byte[] payload() {
      return payload;
    }
  }

  /// The next MSG or RESP as it is; what else comes is passed over.
  Frame readMessage() throws IOException {
    while (true) {
      int len = in.readInt();
      FrameType type = FrameType.of(in.readUnsignedByte());
      int flags = in.readUnsignedByte();
      in.skipNBytes(10);
      byte[] payload = new byte[len];
      in.readFully(payload);
      if (type.isCredited()) {
        return new Frame(flags, payload);
      }
    }
  }

  /// Whether the peer closed, reading on until it did.
  boolean isClosed() {
    try {
      while (in.read() >= 0) {
        // Whatever it still says.
      }
      return true;
    } catch (IOException e) {
      return !(e instanceof java.net.SocketTimeoutException);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
