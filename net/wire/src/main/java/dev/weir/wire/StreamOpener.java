package dev.weir.wire;

import org.jspecify.annotations.Nullable;

/// Opens this end's streams, and knows what may be sent on a new one, which the peer says in its
/// hello.
///
/// Owned by the connection's event loop.
final class StreamOpener {
  private final WireConnection connection;
  private final StreamTable streams;
  private long peerWindowBytes = WireLimits.FIRST_CREDIT_BYTES;

  StreamOpener(WireConnection connection, StreamTable streams) {
    this.connection = connection;
    this.streams = streams;
  }

  /// Gives a stream its number and tells the peer, or the stream why not.
  void open(WireStream stream) {
    WireStatus refusal = refusal();
    if (refusal != null) {
      stream.step(StreamMachine.Event.REMOTE_ABORT, refusal.asUnprocessed(), Metadata.EMPTY);
      return;
    }
    int sid = streams.addLocal(stream);
    if (!ControlFrames.open(connection.outbound(), connection.allocator(), sid, stream.request())) {
      streams.remove(stream);
      stream.step(
          StreamMachine.Event.REMOTE_ABORT,
          WireStatus.of(StatusCode.RESOURCE_EXHAUSTED, "The metadata is too large."),
          Metadata.EMPTY);
      return;
    }
    stream.opened(sid, peerWindowBytes);
    stream.receiver().grantIfDue();
  }

  private @Nullable WireStatus refusal() {
    WireStatus refusal = connection.draining().refusal();
    if (refusal != null || (connection.isOpen() && streams.hasNumbers())) {
      return refusal;
    }
    return connection.life().closedStatus();
  }

  /// What may be sent on a new stream.
  long peerWindowBytes() {
    return peerWindowBytes;
  }

  /// The peer has said what it takes: streams that are open already may send as much.
  void agreed(Hello peer) {
    peerWindowBytes = peer.streamWindowBytes();
    for (WireStream stream : streams.snapshot()) {
      stream.sender().credit().raise(peerWindowBytes);
      stream.sender().wake();
    }
  }
}
