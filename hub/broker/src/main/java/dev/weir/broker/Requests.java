package dev.weir.broker;

import dev.weir.message.Message;
import dev.weir.message.TopicFilter;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/// Requests, each with one reply, from one of those who answer its topic. Any thread may call any
/// method.
///
/// Nothing of it is stored: a request lives in memory until its reply, and is lost with the process
/// or with who took it. It is no publish: no subscription or queue sees it. Who wants a record
/// publishes one.
public interface Requests {
  /// Until when a reply is waited for at most.
  Duration MAX_TIMEOUT = Duration.ofMinutes(10);

  /// Asks; never blocks. Of those who answer the topic and have room, the one with the fewest
  /// requests in hand gets it. It is handed to one alone, once.
  ///
  /// @param timeout until when the reply is waited for, 1 ms to 10 min
  /// @return the reply, under the request's topic. Fails with a [dev.weir.base.WeirException]: at
  ///   once with NO_RESPONDER when nobody answers, OVERLOADED when all who do are busy, TOO_LARGE,
  ///   INVALID_TOPIC; later with TIMED_OUT, RESPONDER_LOST or REQUEST_FAILED. It may complete on
  ///   any thread, which must not be held up. Cancelling it withdraws the request.
  CompletableFuture<Message> ask(Message request, Duration timeout);

  /// Begins to answer what is asked on all topics that a filter matches, beside others who do.
  ///
  /// @param capacity how many requests may be in hand, 0 or more
  /// @throws dev.weir.base.WeirException with OVERLOADED when there are as many as may be
  Responding respond(TopicFilter filter, int capacity, Responder responder);
}
