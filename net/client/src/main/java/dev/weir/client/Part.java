package dev.weir.client;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells a client's listener how one part of it stands.
///
/// @param name as the listener sees it
record Part(String name, StateListener listener) {
  private static final Logger LOG = LoggerFactory.getLogger(Part.class);

  /// A listener that fails is told to the log and harms nobody.
  void tell(ClientState state) {
    try {
      listener.onState(name, state);
    } catch (RuntimeException e) {
      LOG.warn("A state listener failed at {}", state, e);
    }
  }
}
