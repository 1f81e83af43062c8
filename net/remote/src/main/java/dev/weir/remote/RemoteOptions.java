package dev.weir.remote;

import dev.weir.base.Checks;
import dev.weir.flow.Backoff;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/// How a remote works.
///
/// @param name of the peer, part of the thread's name
/// @param mode see [RemoteMode]
/// @param buffer messages that may be unanswered, 1 to [#MAX_BUFFER]; the next sender waits
/// @param executor runs the callers' replies
/// @param backoff between attempts to connect
/// @param random draws the session's number and the waits
public record RemoteOptions(
    String name,
    RemoteMode mode,
    int buffer,
    Executor executor,
    Backoff backoff,
    RandomGenerator random) {
  /// What a peer keeps answers for.
  public static final int MAX_BUFFER = 1 << 16;

  public RemoteOptions {
    Checks.range("buffer", buffer, 1, MAX_BUFFER);
  }
}
