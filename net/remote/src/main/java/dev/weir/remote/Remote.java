package dev.weir.remote;

import dev.weir.base.Bytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Messages to one peer and their answers, each answered once, however often the connection is
/// lost.
///
/// The problem: a remote whose sender and receiver share "the" stream and a flag that says whether
/// it is online has a race between the two whenever it reconnects. The idea: they share numbers,
/// not a connection. The **messenger**, one thread, numbers messages, puts each in [Unanswered] and
/// sends it; it alone knows the connection. The **listener**, on whatever event loop an answer
/// comes from, takes the message of that number out of [Unanswered], which can succeed once. An
/// answer from a connection that was given up is as good as any. When a connection is lost the
/// messenger makes another and sends, in their order, whatever is unanswered; the peer
/// ([RemoteService]) knows the session and the numbers, does nothing twice and repeats answers.
///
/// What holds: a message is handled by the peer once and in the order of sending as long as the
/// peer's process lives; over a restart of the peer's process an unanswered message may be handled
/// twice. Any thread may call any method; [#send] waits for room.
public final class Remote implements AutoCloseable {
  /// Messages that go as one turn's work; beyond it nothing was gained.
  private static final int TURN = 256;

  /// Every wait is ended by whoever it waits for; this only bounds what a mistake could cost.
  private static final long LONGEST_WAIT_NANOS = 1_000_000_000L;

  private final RemoteOptions options;
  private final Peer peer;
  private final RemoteWatcher watcher;
  private final byte[] session;
  private final Unanswered unanswered;
  private final Dispatch dispatch;
  private final Semaphore room;
  private final Queue<PendingMessage> queue = new ConcurrentLinkedQueue<>();
  private final Thread messenger;
  private final PeerLink.Listener listener = new Listening();
  private volatile boolean isMessengerWaiting;
  private volatile boolean isClosed;
  private volatile @Nullable PeerLink link;
  private final AtomicLong connected = new AtomicLong();
  private final AtomicLong resent = new AtomicLong();

  private Remote(RemoteOptions options, Peer peer, RemoteWatcher watcher) {
    this.options = options;
    this.peer = peer;
    this.watcher = watcher;
    this.session = Envelope.session(options.random().nextLong(), options.buffer());
    this.unanswered = new Unanswered(options.buffer());
    this.dispatch = new Dispatch(options.mode(), options.executor());
    this.room = new Semaphore(options.buffer());
    this.messenger =
        Thread.ofPlatform().daemon().name("weir-remote-" + options.name()).unstarted(this::run);
  }

  /// Begins to connect; messages may be sent at once.
  public static Remote start(RemoteOptions options, Peer peer) {
    return start(options, peer, RemoteWatcher.NONE);
  }

  /// As above, for who wants to know how the connection fares.
  public static Remote start(RemoteOptions options, Peer peer, RemoteWatcher watcher) {
    Remote remote = new Remote(options, peer, watcher);
    remote.messenger.start();
    return remote;
  }

  /// Sends a message; waits while as many as the buffer holds are unanswered.
  ///
  /// @throws IllegalStateException when the remote is closed
  public void send(Bytes body, RemoteReply reply) throws InterruptedException {
    room.acquire();
    if (isClosed) {
      room.release();
      throw new IllegalStateException("the remote " + options.name() + " is closed");
    }
    PendingMessage message = new PendingMessage(body, reply);
    queue.add(message);
    if (isClosed && queue.remove(message)) { // The messenger may have looked for the last time.
      room.release();
      throw new IllegalStateException("the remote " + options.name() + " is closed");
    }
    wake();
  }

  private void wake() {
    if (isMessengerWaiting) {
      LockSupport.unpark(messenger);
    }
  }

  /// Gives the present connection up: the next one sends what is unanswered. For tests, and for
  /// whoever knows better than the connection that it leads nowhere.
  public void reconnect() {
    PeerLink present = link;
    if (present != null) {
      present.close();
    }
  }

  public RemoteCounters counters() {
    return new RemoteCounters(
        unanswered.next(),
        resent.get(),
        unanswered.answered(),
        unanswered.repeated(),
        connected.get());
  }

  /// Fails what is unanswered, and ends; waits for the messenger.
  @Override
  public void close() {
    isClosed = true;
    reconnect();
    messenger.interrupt();
    try {
      messenger.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  // What follows runs on the messenger's thread.

  private void run() {
    int attempt = 0;
    while (!isClosed) {
      try {
        PeerLink made = peer.connect(session, listener);
        link = made;
        connected.incrementAndGet();
        watcher.onConnected();
        long answeredBefore = unanswered.answered();
        sendAgain(made);
        serve(made);
        made.close();
        attempt = unanswered.answered() > answeredBefore ? 0 : attempt + 1;
      } catch (IOException e) {
        attempt++;
        watcher.onLost(String.valueOf(e.getMessage()));
      } catch (InterruptedException _) {
        break; // Closed.
      }
      if (attempt > 0 && !isClosed) {
        LockSupport.parkNanos(options.backoff().delayNanos(attempt - 1, options.random()));
      }
    }
    end();
  }

  private void sendAgain(PeerLink made) {
    List<PendingMessage> again = unanswered.all();
    resent.addAndGet(again.size());
    int step = options.mode() == RemoteMode.SYNC ? 1 : TURN;
    for (int from = 0; from < again.size() && made.isOpen(); from += step) {
      made.send(again.subList(from, Math.min(again.size(), from + step)), unanswered.lowest());
    }
    awaitAnswer(made);
  }

  private void serve(PeerLink made) {
    List<PendingMessage> turn = new ArrayList<>(TURN);
    int most = options.mode() == RemoteMode.SYNC ? 1 : TURN;
    while (made.isOpen() && !isClosed) {
      turn.clear();
      while (turn.size() < most && unanswered.hasRoom()) {
        PendingMessage message = queue.poll();
        if (message == null) {
          break;
        }
        unanswered.add(message);
        turn.add(message);
      }
      if (turn.isEmpty()) {
        pause(() -> made.isOpen() && (queue.isEmpty() || !unanswered.hasRoom()));
      } else {
        made.send(turn, unanswered.lowest());
        awaitAnswer(made);
      }
    }
  }

  /// The synchronous mode's wait.
  private void awaitAnswer(PeerLink made) {
    while (options.mode() == RemoteMode.SYNC && made.isOpen() && !unanswered.isEmpty()) {
      pause(() -> made.isOpen() && !unanswered.isEmpty());
    }
  }

  /// Waits, unless there is no reason any more after everybody knows that this thread waits.
  private void pause(Waiting waiting) {
    isMessengerWaiting = true;
    if (waiting.isTrue() && !isClosed) {
      LockSupport.parkNanos(this, LONGEST_WAIT_NANOS);
    }
    isMessengerWaiting = false;
  }

  @FunctionalInterface
  private interface Waiting {
    boolean isTrue();
  }

  private void end() {
    String why = "the remote was closed before the answer came";
    for (PendingMessage message : unanswered.all()) {
      if (unanswered.take(message.number()) != null) {
        dispatch.failed(message, why);
        room.release();
      }
    }
    for (PendingMessage message = queue.poll(); message != null; message = queue.poll()) {
      PendingMessage late = message;
      options.executor().execute(() -> late.reply().onFailure(why));
      room.release();
    }
  }

  /// What connections tell, each on its own loop.
  private final class Listening implements PeerLink.Listener {
    @Override
    public void onAnswer(long number, byte kind, byte[] bytes, int offset, int length) {
      PendingMessage message = unanswered.take(number);
      if (message == null) {
        return;
      }
      dispatch.answered(message, kind, Bytes.wrap(bytes, offset, length));
      room.release();
      if (options.mode() == RemoteMode.SYNC || !queue.isEmpty()) {
        wake();
      }
    }

    @Override
    public void onDraining() {
      watcher.onDraining();
    }

    @Override
    public void onLost(String why) {
      watcher.onLost(why);
      LockSupport.unpark(messenger);
    }

    @Override
    public void onRoom() {
      LockSupport.unpark(messenger);
    }
  }
}
