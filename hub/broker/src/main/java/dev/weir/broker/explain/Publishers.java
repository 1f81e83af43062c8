package dev.weir.broker.explain;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The streams that are published on, for who asks why. A door adds one when it opens and removes
/// it when it ends. Any thread.
public final class Publishers {
  private final Set<OpenPublisher> open = ConcurrentHashMap.newKeySet();

  public void add(OpenPublisher publisher) {
    open.add(publisher);
  }

  /// Idempotent.
  public void remove(OpenPublisher publisher) {
    open.remove(publisher);
  }

  /// Those of a client.
  public List<PublisherTrace> of(String origin) {
    return open.stream()
        .filter(each -> each.origin().equals(origin))
        .map(OpenPublisher::trace)
        .toList();
  }
}
