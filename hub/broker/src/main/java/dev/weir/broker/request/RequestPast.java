package dev.weir.broker.request;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.broker.explain.RequestTrace;
import dev.weir.message.Message;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/// The newest requests that came to nothing, for who asks why: in memory only, at most 2 MiB, of
/// the longest topics and keys. Any thread.
final class RequestPast {
  /// What is asked for was mostly seen just now; as many as refusals of clients.
  static final int SIZE = 1_024;

  private final ReentrantLock lock = new ReentrantLock();

  /// The newest first; guarded by the lock.
  private final ArrayDeque<RequestTrace> newest = new ArrayDeque<>(SIZE);

  void note(Message request, ErrorCode code, long micros) {
    Bytes id = apart(request.id());
    Bytes key = apart(request.key());
    RequestTrace trace = new RequestTrace(micros, request.topic(), id, key, code);
    lock.lock();
    try {
      if (newest.size() == SIZE) {
        newest.removeLast();
      }
      newest.addFirst(trace);
    } finally {
      lock.unlock();
    }
  }

  /// Not a part of the whole request, which would stay in memory with it.
  private static Bytes apart(Bytes bytes) {
    return bytes.isEmpty() ? Bytes.EMPTY : Bytes.wrap(bytes.toArray());
  }

  /// The newest that are wanted, the newest first.
  List<RequestTrace> find(Predicate<RequestTrace> wanted, int limit) {
    List<RequestTrace> all;
    lock.lock();
    try {
      all = new ArrayList<>(newest);
    } finally {
      lock.unlock();
    }
    return all.stream().filter(wanted).limit(limit).toList();
  }
}
