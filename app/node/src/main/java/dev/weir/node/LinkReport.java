package dev.weir.node;

import dev.weir.base.WeirException;
import dev.weir.link.LinkListener;
import dev.weir.link.LinkState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells whoever runs an edge how its link does: one line when an outage begins, one when it ends,
/// one when the link gave up. Lives on the link's duty thread.
final class LinkReport implements LinkListener {
  private static final Logger LOG = LoggerFactory.getLogger(LinkReport.class);

  private boolean isDown;

  @Override
  public void state(LinkState state) {
    switch (state) {
      case LinkState.BackingOff(String reason, _, _) -> {
        if (!isDown) {
          LOG.warn("no core can be reached, the spool keeps what comes: {}", reason);
        }
        isDown = true;
      }
      case LinkState.SentAway(String reason, _) -> {
        if (!isDown) {
          LOG.warn("the core ended the link in order, the spool keeps what comes: {}", reason);
        }
        isDown = true;
      }
      case LinkState.Ready ready -> {
        if (isDown) {
          LOG.warn("the link to {} is up again", ready.target());
        }
        isDown = false;
      }
      case LinkState.Halted halted ->
          LOG.error(
              "the link has given up: {}",
              new WeirException(halted.code(), halted.detail()).explanation());
      case LinkState.Connecting _, LinkState.Draining _, LinkState.Closed _ -> {
        // Steps on the way; nothing for a person to do.
      }
    }
  }
}
