package dev.weir.router;

import dev.weir.wire.MessageView;
import dev.weir.wire.Metadata;
import dev.weir.wire.ReplyHandler;
import dev.weir.wire.StreamHandler;
import dev.weir.wire.WireStatus;
import dev.weir.wire.WireStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Counts the ends of its calls, and remembers what each got.
final class TestCaller implements StreamHandler, ReplyHandler {
  final AtomicInteger replies = new AtomicInteger();
  final AtomicInteger failures = new AtomicInteger();
  final AtomicLong bytes = new AtomicLong();
  final Map<Integer, String> ends = new ConcurrentHashMap<>();
  final Map<Integer, WireStatus> statuses = new ConcurrentHashMap<>();
  volatile int lastMid;
  volatile boolean isClosed;

  @Override
  public void onSent(int mid) {
    lastMid = mid;
  }

  @Override
  public void onReply(MessageView reply) {
    bytes.addAndGet(reply.bodyBytes());
    ends.put(reply.mid(), reply.bodyBytes() > 100 ? "large" : reply.text());
    replies.incrementAndGet();
  }

  @Override
  public void onFailure(int mid, WireStatus status) {
    statuses.put(mid, status);
    ends.put(mid, status.code().name());
    failures.incrementAndGet();
  }

  @Override
  public void onMessage(WireStream stream, MessageView message) {}

  @Override
  public void onClosed(WireStream stream, WireStatus status, Metadata trailers) {
    isClosed = true;
  }
}
