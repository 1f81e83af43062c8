package dev.weir.remote;

import java.util.List;

/// One connection to a peer, used once. Whether it is open is its own affair: no flag is shared
/// between connections.
interface PeerLink {
  boolean isOpen();

  /// Sends messages in their order, as one turn's work. Called by the messenger only; may wait
  /// until the connection takes more, or is lost. What a lost connection does not take is sent
  /// again by the next.
  ///
  /// @param confirmed all below are answered
  void send(List<PendingMessage> messages, long confirmed);

  /// Gives the connection up. Any thread; idempotent.
  void close();

  /// Hears what comes, on the connection's event loop.
  interface Listener {
    /// @param kind [Envelope#ANSWER] or [Envelope#FAILURE]
    void onAnswer(long number, byte kind, byte[] bytes, int offset, int length);

    /// The peer is leaving: it asks to be left for another connection, or another process.
    void onDraining();

    /// The connection is closed, however it came to it: [PeerLink#isOpen] is false.
    ///
    /// @param why for people
    void onLost(String why);

    /// The connection takes messages again.
    void onRoom();
  }
}
