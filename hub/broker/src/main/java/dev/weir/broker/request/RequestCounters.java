package dev.weir.broker.request;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.util.concurrent.atomic.LongAdder;

/// What became of requests, since the core started. Any thread.
final class RequestCounters {
  final LongAdder asked = new LongAdder();
  final LongAdder replied = new LongAdder();
  final LongAdder failed = new LongAdder();
  final LongAdder timedOut = new LongAdder();
  final LongAdder lost = new LongAdder();
  final LongAdder unanswered = new LongAdder();
  final LongAdder overloaded = new LongAdder();

  /// It was not even handed over.
  void refused(WeirException cause) {
    if (cause.code() == ErrorCode.NO_RESPONDER) {
      unanswered.increment();
    } else if (cause.code() == ErrorCode.OVERLOADED) {
      overloaded.increment();
    }
  }
}
