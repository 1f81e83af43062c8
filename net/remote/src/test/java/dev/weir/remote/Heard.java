package dev.weir.remote;

import static dev.weir.testkit.Eventually.eventually;

import dev.weir.base.Bytes;
import java.util.ArrayList;
import java.util.List;

/// What came of messages, in the order in which it was told.
final class Heard implements RemoteReply {
  /// Guarded by this.
  private final List<Long> replies = new ArrayList<>();

  private final List<String> failures = new ArrayList<>();

  @Override
  public synchronized void onReply(Bytes body) {
    replies.add(body.buffer().getLong());
  }

  @Override
  public synchronized void onFailure(String why) {
    failures.add(why);
  }

  synchronized List<Long> replies() {
    return List.copyOf(replies);
  }

  synchronized List<String> failures() {
    return List.copyOf(failures);
  }

  synchronized int count() {
    return replies.size() + failures.size();
  }

  Heard await(int expected) {
    eventually(expected + " messages have an end", () -> count() >= expected);
    return this;
  }
}
