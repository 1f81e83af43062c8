package dev.weir.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/// A whole message, in the receive buffer if it came in one frame, else put together without
/// copying. One view per connection, valid only during the callback; whoever keeps the body takes
/// [#retainedBody].
///
/// Owned by the connection's event loop; allocates nothing.
public final class MessageView {
  private ByteBuf buffer = Unpooled.EMPTY_BUFFER;
  private int bodyIndex;
  private int bodyBytes;
  private int mid;
  private boolean isOneWay;
  private long deadlineMicros;
  private boolean hasRoute;
  private long route;
  private int statusBits;
  private long creditBytes;

  MessageView() {}

  /// A message that is one frame.
  void set(FrameView frame) {
    begin(frame);
    body(frame.buffer(), frame.bodyIndex(), frame.bodyBytes(), frame.frameBytes());
  }

  /// Takes everything but the body from a message's first frame.
  void begin(FrameView frame) {
    mid = frame.mid();
    isOneWay = frame.isOneWay();
    deadlineMicros = frame.deadlineMicros();
    hasRoute = frame.hasRoute();
    route = frame.route();
    statusBits = frame.statusBits();
  }

  void body(ByteBuf source, int index, int bytes, long cost) {
    buffer = source;
    bodyIndex = index;
    bodyBytes = bytes;
    creditBytes = cost;
  }

  void clear() {
    buffer = Unpooled.EMPTY_BUFFER;
  }

  /// The message's number in its stream; 0 if it has none.
  public int mid() {
    return mid;
  }

  /// Whether the peer waits for a reply with this number.
  public boolean isCall() {
    return mid != 0 && !isOneWay;
  }

  /// Microseconds left to answer when the message came; -1 without a deadline.
  public long deadlineMicros() {
    return deadlineMicros;
  }

  public boolean hasRoute() {
    return hasRoute;
  }

  /// The hash of the routing key; 0 without one.
  public long route() {
    return route;
  }

  /// How a call went; its detail is the body. OK unless the peer said otherwise.
  public WireStatus status() {
    return statusBits == 0 ? WireStatus.OK : WireStatus.ofBits(statusBits, text());
  }

  boolean isFailure() {
    return statusBits != 0;
  }

  /// The buffer that holds the body, borrowed: read it by index, do not move its indices.
  public ByteBuf buffer() {
    return buffer;
  }

  public int bodyIndex() {
    return bodyIndex;
  }

  public int bodyBytes() {
    return bodyBytes;
  }

  /// The body as a slice with a reference of its own, which the caller releases.
  public ByteBuf retainedBody() {
    return buffer.retainedSlice(bodyIndex, bodyBytes);
  }

  /// The body read as UTF-8.
  public String text() {
    return buffer.toString(bodyIndex, bodyBytes, StandardCharsets.UTF_8);
  }

  /// What the message cost of the stream's credit: to be given back with [WireStream#consumed]
  /// where credit is returned by hand.
  public long creditBytes() {
    return creditBytes;
  }
}
