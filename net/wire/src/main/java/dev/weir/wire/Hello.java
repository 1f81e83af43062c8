package dev.weir.wire;

import dev.weir.base.Bytes;
import dev.weir.base.Checks;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/// What each end says of itself first: the body of HELLO and of HELLO_ACK. A row of fields, each
///
/// ```
///  +-----+--------+-------+    tag 1 versions u16 each, major and minor   5 maxFrame       u32
///  | tag | length | value |        2 features u64                         6 streamWindow   u32
///  | u16 | u16    |       |        3 nodeId   UTF-8                       7 connectionWindow u32
///  +-----+--------+-------+        4 epoch    u64                         8 keepaliveMillis u32
///                                                                         9 isAuthToFollow u8
/// ```
///
/// in any order; unknown tags and what is longer than expected are skipped, what is absent has its
/// default. HELLO lists all versions and features of the client; HELLO_ACK the one version chosen
/// and the features that both have, and repeats the client's epoch.
///
/// @param versions what is spoken, 1 to 16
/// @param features bits; those of both ends are in force
/// @param nodeId who speaks, at most 255 bytes
/// @param epoch the client's number for this connection
/// @param maxFrameBytes the largest frame taken, header excluded
/// @param streamWindowBytes what may be sent on a new stream
/// @param connectionWindowBytes what may be sent on the connection at first
/// @param keepaliveMillis how often the end wants to hear something; 0 for never
/// @param isAuthToFollow whether the client's next frame is AUTH
public record Hello(
    List<WireVersion> versions,
    long features,
    String nodeId,
    long epoch,
    int maxFrameBytes,
    int streamWindowBytes,
    int connectionWindowBytes,
    int keepaliveMillis,
    boolean isAuthToFollow) {
  private static final int MAX_VERSIONS = 16;
  private static final int VERSIONS = 1;
  private static final int FEATURES = 2;
  private static final int NODE_ID = 3;
  private static final int EPOCH = 4;
  private static final int MAX_FRAME = 5;
  private static final int STREAM_WINDOW = 6;
  private static final int CONNECTION_WINDOW = 7;
  private static final int KEEPALIVE = 8;
  private static final int AUTH = 9;

  public Hello {
    versions = List.copyOf(versions);
    Checks.range("count of versions", versions.size(), 1, MAX_VERSIONS);
    Checks.range("bytes of the node id", Bytes.utf8(nodeId).length(), 0, 255);
    Checks.range(
        "maxFrameBytes", maxFrameBytes, WireLimits.MIN_FRAME_BYTES, WireLimits.MAX_FRAME_BYTES);
    Checks.range(
        "streamWindowBytes", streamWindowBytes, WireLimits.FIRST_CREDIT_BYTES, Integer.MAX_VALUE);
    Checks.range(
        "connectionWindowBytes",
        connectionWindowBytes,
        WireLimits.FIRST_CREDIT_BYTES,
        CreditCode.MAX_CONNECTION_WINDOW);
    Checks.range("keepaliveMillis", keepaliveMillis, 0, Integer.MAX_VALUE);
  }

  /// What the server answers: its own limits with the version and features of both.
  Hello answer(WireVersion version, long bothFeatures, long clientEpoch) {
    return new Hello(
        List.of(version),
        bothFeatures,
        nodeId,
        clientEpoch,
        maxFrameBytes,
        streamWindowBytes,
        connectionWindowBytes,
        keepaliveMillis,
        false);
  }

  void encode(ByteBuf out) {
    out.writeShort(VERSIONS).writeShort(2 * versions.size());
    versions.forEach(version -> out.writeShort(version.bits()));
    out.writeShort(FEATURES).writeShort(8).writeLong(features);
    Bytes id = Bytes.utf8(nodeId);
    out.writeShort(NODE_ID).writeShort(id.length()).writeBytes(id.buffer());
    out.writeShort(EPOCH).writeShort(8).writeLong(epoch);
    out.writeShort(MAX_FRAME).writeShort(4).writeInt(maxFrameBytes);
    out.writeShort(STREAM_WINDOW).writeShort(4).writeInt(streamWindowBytes);
    out.writeShort(CONNECTION_WINDOW).writeShort(4).writeInt(connectionWindowBytes);
    out.writeShort(KEEPALIVE).writeShort(4).writeInt(keepaliveMillis);
    if (isAuthToFollow) {
      out.writeShort(AUTH).writeShort(1).writeByte(1);
    }
  }

  /// Reads what a peer of any version wrote.
  ///
  /// @throws WeirException MALFORMED
  static Hello decode(ByteBuf buffer, int index, int length) {
    List<WireVersion> versions = new ArrayList<>();
    long features = 0;
    String nodeId = "";
    long epoch = 0;
    int maxFrame = WireLimits.MIN_FRAME_BYTES;
    int streamWindow = WireLimits.FIRST_CREDIT_BYTES;
    int connectionWindow = WireLimits.FIRST_CREDIT_BYTES;
    int keepalive = 0;
    boolean isAuth = false;
    Fields in = new Fields(buffer, index, length);
    while (in.remaining() > 0) {
      int tag = in.u16();
      Fields value = in.part(in.u16());
      switch (tag) {
        case VERSIONS -> readVersions(value, versions);
        case FEATURES -> features = value.i64();
        case NODE_ID -> nodeId = value.text(value.remaining());
        case EPOCH -> epoch = value.i64();
        case MAX_FRAME -> maxFrame = value.i32();
        case STREAM_WINDOW -> streamWindow = value.i32();
        case CONNECTION_WINDOW -> connectionWindow = value.i32();
        case KEEPALIVE -> keepalive = value.i32();
        case AUTH -> isAuth = value.u8() != 0;
        default -> {} // Of a later version.
      }
    }
    try {
      return new Hello(
          versions,
          features,
          nodeId,
          epoch,
          maxFrame,
          streamWindow,
          connectionWindow,
          keepalive,
          isAuth);
    } catch (IllegalArgumentException e) {
      throw new WeirException(ErrorCode.MALFORMED, "A hello is refused: " + e.getMessage(), e);
    }
  }

  private static void readVersions(Fields value, List<WireVersion> versions) {
    while (value.remaining() >= 2 && versions.size() < MAX_VERSIONS) {
      versions.add(WireVersion.ofBits(value.u16()));
    }
  }
}
