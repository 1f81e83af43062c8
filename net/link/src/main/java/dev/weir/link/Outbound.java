package dev.weir.link;

import dev.weir.base.WeirException;
import dev.weir.proto.Response;

/// The way back to one client: counts what it carries, and ends once. Owned by the stream's event
/// loop.
final class Outbound {
  private final ReturnPath path;
  private long sentBytes;
  private boolean isEnded;

  Outbound(ReturnPath path) {
    this.path = path;
  }

  /// Whether the client takes what is sent; acks are gathered while it does not.
  boolean isReady() {
    return !isEnded && path.isReady();
  }

  void send(Response.Builder response, int version) {
    if (!isEnded && !path.isGone()) {
      Response message = response.setVersion(version).build();
      sentBytes += message.getSerializedSize();
      path.send(message);
    }
  }

  /// Bytes of messages sent so far.
  long sentBytes() {
    return sentBytes;
  }

  /// Bytes of messages received so far, parts included.
  long receivedBytes() {
    return path.receivedBytes();
  }

  /// Takes so many more messages.
  void request(int count) {
    if (!isEnded) {
      path.request(count);
    }
  }

  /// Ends the stream in order.
  void end() {
    if (isEnding()) {
      path.end();
    }
  }

  /// Ends the stream for a fault.
  void end(WeirException fault) {
    if (isEnding()) {
      path.end(fault);
    }
  }

  private boolean isEnding() {
    if (isEnded) {
      return false;
    }
    isEnded = true;
    return !path.isGone();
  }

  boolean isEnded() {
    return isEnded;
  }
}
