package dev.weir.auth;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// Passes decisions on, and remembers the newest refusals for who asks why. Any thread.
final class RecentRefusals implements AuditTrail {
  private static final int SIZE = 1_024;

  private final AuditTrail next;
  private final Deque<AuditEvent> refusals = new ArrayDeque<>();

  RecentRefusals(AuditTrail next) {
    this.next = next;
  }

  @Override
  public void record(AuditEvent event) {
    if (!event.isAllowed()) {
      synchronized (refusals) {
        if (refusals.size() == SIZE) {
          refusals.removeFirst();
        }
        refusals.addLast(event);
      }
    }
    next.record(event);
  }

  /// Of one address, the oldest first.
  List<AuditEvent> of(String address) {
    synchronized (refusals) {
      return refusals.stream().filter(event -> event.address().equals(address)).toList();
    }
  }
}
