package dev.weir.link;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/// Which core is dialed next: after a session the preferred one, after a failure the next in order,
/// and where a core sent us for one attempt. Owned by the link's duty thread.
final class Targets {
  private final List<URI> inOrder;
  private int index;
  private Optional<URI> redirect = Optional.empty();

  Targets(List<URI> inOrder) {
    this.inOrder = inOrder;
  }

  /// The core to dial.
  URI next() {
    URI target = redirect.orElseGet(() -> inOrder.get(index));
    redirect = Optional.empty();
    return target;
  }

  /// An attempt did not lead to a session.
  void onFailed() {
    index = (index + 1) % inOrder.size();
  }

  /// A session was welcomed.
  void onWelcomed() {
    index = 0;
  }

  /// A core names another one: `host:port`, spoken to as the preferred one is, or a URI; anything
  /// else is passed over, and so is one without TLS where the preferred one has it.
  void onRedirect(String text) {
    if (text.isEmpty()) {
      return;
    }
    try {
      LinkScheme preferred = LinkScheme.require(inOrder.getFirst());
      URI uri = URI.create(text.contains("://") ? text : preferred.text() + "://" + text);
      boolean isTaken =
          LinkScheme.of(uri)
              .filter(scheme -> scheme.isSecure() || !preferred.isSecure())
              .isPresent();
      redirect = isTaken ? Optional.of(uri) : Optional.empty();
    } catch (IllegalArgumentException e) {
      redirect = Optional.empty(); // Not an address: the order of preference stays.
    }
  }
}
