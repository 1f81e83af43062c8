package dev.weir.wire;

import dev.weir.base.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;

/// Writes the frames that begin and end things. None counts against credit.
final class ControlFrames {
  private ControlFrames() {}

  /// Opens a stream.
  ///
  /// @return false when its metadata does not fit a frame
  static boolean open(Outbound outbound, ByteBufAllocator allocator, int sid, OpenRequest request) {
    ByteBuf body = allocator.buffer();
    try {
      request.encodeBody(body);
      ExtFields ext = outbound.writer().ext().metadata(request.metadata());
      if (request.deadlineMicros() >= 0) {
        ext.deadlineMicros(request.deadlineMicros());
      }
      if (ext.encodedBytes() + body.readableBytes() > outbound.maxFrameBytes()) {
        return false;
      }
      outbound
          .writer()
          .extended(
              FrameType.OPEN,
              request.priority().flags(),
              sid,
              0,
              ext,
              body,
              0,
              body.readableBytes());
      return true;
    } finally {
      body.release();
    }
  }

  static void accept(Outbound outbound, int sid, Metadata metadata) {
    ExtFields ext = outbound.writer().ext().metadata(metadata);
    outbound.writer().extended(FrameType.OPEN_ACK, 0, sid, 0, ext, Unpooled.EMPTY_BUFFER, 0, 0);
  }

  /// Gives a stream up.
  static void abort(Outbound outbound, int sid, WireStatus status) {
    FrameType type = status.code() == StatusCode.CANCELLED ? FrameType.CANCEL : FrameType.RESET;
    ExtFields ext = outbound.writer().ext().status(status);
    outbound.writer().text(type, 0, sid, 0, ext, status.shortDetail());
  }

  /// Gives a call up.
  static void cancel(Outbound outbound, int sid, int mid) {
    outbound.writer().frame(FrameType.CANCEL, 0, sid, mid, Unpooled.EMPTY_BUFFER, 0, 0);
  }

  static void goAway(Outbound outbound, WireStatus status, int lastSid) {
    ExtFields ext = outbound.writer().ext().status(status);
    outbound.writer().text(FrameType.GOAWAY, 0, 0, lastSid, ext, status.shortDetail());
  }

  /// Names the last call of a stream that is answered.
  static void lastCall(Outbound outbound, int sid, int mid) {
    outbound
        .writer()
        .frame(FrameType.GOAWAY, FrameHeader.END, sid, mid, Unpooled.EMPTY_BUFFER, 0, 0);
  }

  /// How a fault is told in the codes that streams end with.
  static StatusCode codeOf(ErrorCode code) {
    return switch (code) {
      case UNAUTHENTICATED,
          CREDENTIALS_MISSING,
          CREDENTIALS_EXPIRED,
          CREDENTIALS_REVOKED,
          LOGIN_PAUSED ->
          StatusCode.UNAUTHENTICATED;
      case NOT_PERMITTED -> StatusCode.PERMISSION_DENIED;
      case UNSUPPORTED_VERSION -> StatusCode.UNIMPLEMENTED;
      case TOO_LARGE, CREDIT_EXCEEDED, OVERLOADED, QUOTA_EXCEEDED, FLOODED ->
          StatusCode.RESOURCE_EXHAUSTED;
      case TIMED_OUT, CONNECTION_LOST, UNREACHABLE, STALLED -> StatusCode.UNAVAILABLE;
      default -> StatusCode.INTERNAL;
    };
  }
}
