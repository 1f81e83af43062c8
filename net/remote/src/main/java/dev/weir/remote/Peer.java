package dev.weir.remote;

import java.io.IOException;

/// Where a remote's messages go. [WirePeer] and [GrpcPeer] are the two ways.
public sealed interface Peer permits WirePeer, GrpcPeer {
  /// Connects, within some seconds; on the messenger's thread.
  ///
  /// @param session as [Envelope#session] names it
  PeerLink connect(byte[] session, PeerLink.Listener listener)
      throws IOException, InterruptedException;
}
