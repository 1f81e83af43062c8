package dev.weir.wire;

/// Owns a peer's stream until somebody takes it: there is nothing to tell.
final class RefusedStream implements StreamHandler {
  static final RefusedStream HANDLER = new RefusedStream();

  private RefusedStream() {}

  @Override
  public void onMessage(WireStream stream, MessageView message) {}

  @Override
  public void onClosed(WireStream stream, WireStatus status, Metadata trailers) {}
}
