package dev.weir.remote;

import dev.weir.base.Bytes;

/// A message that is not answered. Its number is given once, by the messenger, before any other
/// thread sees it.
final class PendingMessage {
  private final Bytes body;
  private final RemoteReply reply;
  private long number;

  PendingMessage(Bytes body, RemoteReply reply) {
    this.body = body;
    this.reply = reply;
  }

  Bytes body() {
    return body;
  }

  RemoteReply reply() {
    return reply;
  }

  long number() {
    return number;
  }

  void number(long given) {
    number = given;
  }
}
