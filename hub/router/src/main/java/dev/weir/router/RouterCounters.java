package dev.weir.router;

import java.util.concurrent.atomic.LongAdder;

/// What a router counts since it was started. Any thread.
public final class RouterCounters {
  private final LongAdder calls = new LongAdder();
  private final LongAdder replies = new LongAdder();
  private final LongAdder refusals = new LongAdder();
  private final LongAdder lateReplies = new LongAdder();
  private final LongAdder expired = new LongAdder();
  private final LongAdder lost = new LongAdder();
  private final LongAdder connects = new LongAdder();

  void onCall() {
    calls.increment();
  }

  void onReply() {
    replies.increment();
  }

  void onRefusal() {
    refusals.increment();
  }

  void onLateReply() {
    lateReplies.increment();
  }

  void onExpired() {
    expired.increment();
  }

  void onLost() {
    lost.increment();
  }

  void onConnect() {
    connects.increment();
  }

  /// Calls passed on to a node.
  public long calls() {
    return calls.sum();
  }

  /// Answers passed back.
  public long replies() {
    return replies.sum();
  }

  /// Calls refused here, unprocessed.
  public long refusals() {
    return refusals.sum();
  }

  /// Frames of answers that nobody waited for any more.
  public long lateReplies() {
    return lateReplies.sum();
  }

  /// Calls whose time was over here.
  public long expired() {
    return expired.sum();
  }

  /// Calls that were under way to a node that was lost.
  public long lost() {
    return lost.sum();
  }

  /// Connections made to nodes.
  public long connects() {
    return connects.sum();
  }
}
