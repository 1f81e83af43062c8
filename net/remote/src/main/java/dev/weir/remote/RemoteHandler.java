package dev.weir.remote;

import dev.weir.base.Bytes;

/// What a peer does with messages. Runs on the event loop of the connection, one message of a
/// session at a time, in their order; must not block. What it throws is told to the sender as a
/// failure.
@FunctionalInterface
public interface RemoteHandler {
  Bytes answer(Bytes body);
}
