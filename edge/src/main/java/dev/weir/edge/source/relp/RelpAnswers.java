package dev.weir.edge.source.relp;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.edge.source.Admission;
import dev.weir.edge.source.Deliveries;
import dev.weir.edge.source.Intake;
import dev.weir.edge.source.SourceMeter;
import dev.weir.edge.source.SourceState;
import dev.weir.edge.source.socket.Connection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// What one connection is still to be told. The connection's thread puts, a virtual thread of its
/// own waits for each fsync and answers.
///
/// What the spool refused is handed over again once there is room, so that the sender sees nothing
/// but slowness. Invariant: a message is answered with 200 after its fsync, or not at all.
final class RelpAnswers {
  /// Reads that wait for their fsync; each holds up to a read of messages. Two fsyncs' worth at a
  /// megabyte in 16 KiB reads; a client's own window, 128 by default, is far below.
  private static final int MAX_WAITING = 128;

  private static final long POLL_MILLIS = 100;

  private final Connection connection;
  private final Admission admission;
  private final Intake intake;
  private final Semaphore inFlightBytes;
  private final SourceMeter meter;
  private final ArrayBlockingQueue<RelpAnswer> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
  private volatile boolean isDead;
  private volatile boolean isFinishing;

  /// @param inFlightBytes what all connections together may hold without an answer
  RelpAnswers(
      Connection connection,
      Admission admission,
      Intake intake,
      Semaphore inFlightBytes,
      SourceMeter meter) {
    this.connection = connection;
    this.admission = admission;
    this.intake = intake;
    this.inFlightBytes = inFlightBytes;
    this.meter = meter;
  }

  boolean isDead() {
    return isDead;
  }

  /// Hands messages over and notes that they are to be answered; waits for room.
  void store(RelpAnswer.Stored stored) throws InterruptedException {
    while (!isDead) {
      if (inFlightBytes.tryAcquire(stored.bytes(), POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        if (!handOver(stored)) {
          die(); // Nothing behind it may be answered before it.
        }
        if (!put(stored)) {
          inFlightBytes.release(stored.bytes());
        }
        return;
      }
    }
  }

  /// Notes an answer; waits while the peer does not read those before it.
  ///
  /// @return false when the connection is dead
  boolean put(RelpAnswer answer) throws InterruptedException {
    while (!isDead) {
      if (waiting.offer(answer, POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        return true;
      }
    }
    return false;
  }

  /// Answers until [#finish], or until the connection fails.
  void run() {
    try {
      while (!isFinishing || !waiting.isEmpty()) {
        RelpAnswer answer = waiting.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
        if (answer != null) {
          answer(answer);
        }
      }
      // The hint that the specification gives a server that closes.
      write("0 serverclose 0\n");
    } catch (IOException e) {
      die(); // The peer is gone; what it was not told it sends again.
    } catch (WeirException e) {
      meter.detail(e.explanation());
      die();
    } catch (InterruptedException e) {
      die();
    }
  }

  /// No answer will be put any more.
  void finish() {
    isFinishing = true;
  }

  /// Gives back what was never answered; after [#run] has ended.
  void release() {
    for (RelpAnswer answer : waiting) {
      if (answer instanceof RelpAnswer.Stored stored) {
        inFlightBytes.release(stored.bytes());
      }
    }
    waiting.clear();
  }

  private void die() {
    isDead = true;
    connection.close();
  }

  private void answer(RelpAnswer answer) throws IOException, InterruptedException {
    switch (answer) {
      case RelpAnswer.Said said -> write(said.text());
      case RelpAnswer.Stored stored -> {
        try {
          awaitStored(stored);
        } finally {
          inFlightBytes.release(stored.bytes());
        }
        write(stored.text());
      }
    }
  }

  private void awaitStored(RelpAnswer.Stored stored) throws InterruptedException {
    RelpAnswer.Stored current = stored;
    while (true) {
      try {
        current.attempt().get();
        Deliveries.count(meter, current.delivery());
        return;
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof WeirException cause) || !passes(cause.code())) {
          throw new WeirException(
              ErrorCode.CONNECTION_LOST, "RELP: not stored: " + e.getCause(), e);
        }
      }
      current = current.again();
      if (!handOver(current)) {
        throw new WeirException(ErrorCode.CONNECTION_LOST, "RELP: the edge is being stopped.");
      }
    }
  }

  private static boolean passes(ErrorCode code) {
    return code == ErrorCode.SPOOL_FULL
        || code == ErrorCode.DISK_FULL
        || code == ErrorCode.LOG_POISONED;
  }

  /// @return false when the edge is being stopped
  private boolean handOver(RelpAnswer.Stored stored) throws InterruptedException {
    while (admission.refusal().isPresent()) {
      meter.state(SourceState.BLOCKED);
      if (isDead || intake.isClosed()) {
        return false;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(POLL_MILLIS));
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
    boolean isTaken = intake.put(stored.delivery());
    if (meter.state() == SourceState.BLOCKED) {
      meter.state(SourceState.RUNNING);
    }
    return isTaken;
  }

  private void write(String text) throws IOException {
    connection.output().write(text.getBytes(StandardCharsets.UTF_8));
  }
}
