package dev.weir.link;

import dev.weir.base.Clock;
import dev.weir.flow.FlowCounters;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// What all streams of one server share. Any thread.
record ServerContext(
    LinkServerConfig config,
    LinkStore store,
    Clock clock,
    FlowCounters flow,
    ByteBudget budget,
    ServerCounters counters,
    DictionaryQuota quota,
    SessionRegistry sessions,
    AtomicInteger openStreams,
    AtomicLong sessionNumbers) {
  /// The same, with the store as the client of a stream may use it.
  ServerContext opened() {
    return with(store.opened());
  }

  ServerContext with(LinkStore own) {
    return own.equals(store)
        ? this
        : new ServerContext(
            config,
            own,
            clock,
            flow,
            budget,
            counters,
            quota,
            sessions,
            openStreams,
            sessionNumbers);
  }
}
