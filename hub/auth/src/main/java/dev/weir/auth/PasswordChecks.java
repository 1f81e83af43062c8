package dev.weir.auth;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// Checks passwords without letting those who have none burn the machine.
///
/// Problem: a check costs tens of milliseconds by design, and anybody may ask for one. Idea: what
/// passed of late is known by its HMAC and costs nothing; the rest goes through one or two threads
/// of the lowest priority and a short queue; each address may have four waiting, and waits itself
/// after its fifth wrong one. So a flood costs two cores at most, and users whose password was
/// checked before do not notice it.
///
/// Any thread calls it; `weir-auth-N` hash.
final class PasswordChecks implements AutoCloseable {
  private static final int MAX_THREADS = 2;
  private static final int MAX_WAITING = 64;
  private static final int MAX_WAITING_OF_ONE = 4;
  private static final int MAX_PROVED = 4_096;
  private static final Duration PROVED_FOR = Duration.ofMinutes(10);

  /// For users who have no password or do not exist: the answer must take as long.
  private static final PasswordHash NOBODY =
      PasswordHash.parse(
          "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5bm8"
              + "$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");

  private final Clock clock;
  private final RecentProofs<Boolean> proved = new RecentProofs<>(MAX_PROVED, PROVED_FOR.toNanos());
  private final ThreadPoolExecutor threads;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private final FailurePauses pauses = new FailurePauses();
  private final Map<String, Integer> waiting = new HashMap<>();

  @SuppressWarnings("ThreadPriorityCheck") // Nothing relies on it; it is courtesy to event loops.
  PasswordChecks(Clock clock) {
    this.clock = clock;
    int count = Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, MAX_THREADS);
    this.threads =
        new ThreadPoolExecutor(
            count,
            count,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_WAITING),
            Thread.ofPlatform()
                .daemon()
                .priority(Thread.MIN_PRIORITY)
                .name("weir-auth-", 1)
                .factory());
    threads.allowCoreThreadTimeOut(true);
  }

  /// Whether a password is a user's.
  ///
  /// @param hash none when there is nothing to hold it against: it is wrong, but no sooner
  /// @return fails with LOGIN_PAUSED or OVERLOADED when it is not looked at
  CompletionStage<Boolean> check(
      String user, String password, Optional<PasswordHash> hash, String network) {
    Bytes name = proved.name(user, password, hash.map(PasswordHash::text).orElse(""));
    if (proved.find(name, clock.nanoTime()).isPresent()) {
      return CompletableFuture.completedStage(true);
    }
    Optional<WeirException> refusal = admit(network);
    if (refusal.isPresent()) {
      return CompletableFuture.failedStage(refusal.get());
    }
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    try {
      threads.execute(() -> {
        boolean isRight = false;
        try {
          isRight = hash.orElse(NOBODY).matches(password) && hash.isPresent();
        } finally {
          leave(network, !isRight);
        }
        if (isRight) {
          proved.keep(name, true, clock.nanoTime());
        }
        answer.complete(isRight);
      });
    } catch (RejectedExecutionException _) {
      leave(network, false);
      return CompletableFuture.failedStage(
          new WeirException(ErrorCode.OVERLOADED, "Too many passwords wait to be checked."));
    }
    return answer;
  }

  private Optional<WeirException> admit(String network) {
    lock.lock();
    try {
      long pause = pauses.pauseNanos(network, clock.nanoTime());
      if (pause > 0) {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(pause) + 1;
        return Optional.of(
            new WeirException(
                ErrorCode.LOGIN_PAUSED,
                "Wrong passwords came from this address; the next one is looked at in "
                    + seconds
                    + " s."));
      }
      int count = waiting.getOrDefault(network, 0);
      if (count >= MAX_WAITING_OF_ONE) {
        return Optional.of(
            new WeirException(
                ErrorCode.OVERLOADED, count + " passwords of this address wait already."));
      }
      waiting.put(network, count + 1);
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private void leave(String network, boolean hasFailed) {
    lock.lock();
    try {
      waiting.computeIfPresent(network, (_, count) -> count > 1 ? count - 1 : null);
      if (hasFailed) {
        pauses.failed(network, clock.nanoTime());
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
