package dev.weir.link;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.message.Batch;
import dev.weir.message.BatchHeader;
import dev.weir.message.BatchReader;
import dev.weir.message.BatchSource;
import dev.weir.message.Message;
import dev.weir.message.RefusedFrame;
import dev.weir.message.StoredLane;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A small store that keeps its word: group commit on a thread of its own, lanes with sequences,
/// refusals that pass a sequence, room that ends. It outlives the servers in front of it.
final class MemoryStore implements LinkStore, AutoCloseable {
  private final Object lock = new Object();
  private final Map<String, Lane> lanes = new HashMap<>();
  private final ArrayDeque<Write> queue = new ArrayDeque<>();
  private final List<Runnable> waiting = new ArrayList<>();
  private final List<Message> stored = new ArrayList<>();
  private final Thread committer;
  private final int capacity;
  private volatile LinkDictionaries dictionaries = LinkDictionaries.NONE;
  private boolean isPaused;
  private boolean isClosed;
  private int failuresLeft;
  private @Nullable WeirException refusal;
  private Consumer<WeirException> whenEnded = _ -> {};
  private int copies;
  private long highestQueuedBytes;
  private long queuedBytes;

  private static final class Lane {
    private long last;
    private long durable;
    private int crc32c;
    private final List<RefusedFrame> refused = new ArrayList<>();
    private long firstUnacked = 1;
    private final List<Long> order = new ArrayList<>();
  }

  private record Write(
      Lane lane,
      long sequence,
      int crc32c,
      List<Message> messages,
      int weight,
      StoreListener listener) {}

  MemoryStore(int capacity) {
    this.capacity = capacity;
    committer = Thread.ofPlatform().name("weir-test-store").daemon().start(this::run);
  }

  private static String key(BatchSource source, int lane) {
    return source + "#" + lane;
  }

  @Override
  public CompletionStage<StoredLane> resumeLane(BatchSource source, int lane, long firstUnacked) {
    if (refusal != null) {
      whenEnded.accept(refusal);
    }
    synchronized (lock) {
      Lane known = lanes.computeIfAbsent(key(source, lane), _ -> new Lane());
      known.firstUnacked = firstUnacked;
      known.refused.removeIf(frame -> frame.sequence() < firstUnacked);
      return CompletableFuture.completedFuture(
          new StoredLane(known.durable, known.crc32c, known.refused));
    }
  }

  @Override
  public boolean offer(
      BatchSource source,
      int number,
      long sequence,
      int crc32c,
      Batch batch,
      StoreListener listener) {
    synchronized (lock) {
      if (queue.size() >= capacity) {
        return false;
      }
      Lane lane = lanes.computeIfAbsent(key(source, number), _ -> new Lane());
      boolean isNext = sequence == lane.last + 1 || sequence == lane.firstUnacked;
      if (sequence > lane.last && !isNext) {
        listener.failed(
            new WeirException(ErrorCode.OUT_OF_SEQUENCE, "expected " + (lane.last + 1)));
        return true;
      }
      boolean isAgain = sequence <= lane.last;
      lane.last = Math.max(lane.last, sequence);
      long signed = isAgain ? -sequence : sequence;
      add(new Write(lane, signed, crc32c, read(batch), batch.weight(), listener));
      return true;
    }
  }

  /// The messages, or none for a batch that does not decode.
  private static List<Message> read(Batch batch) {
    try {
      return BatchReader.read(batch, BatchHeader.decode(batch.header()));
    } catch (WeirException e) {
      return List.of();
    }
  }

  @Override
  public boolean offer(Message message, StoreListener listener) {
    synchronized (lock) {
      if (queue.size() >= capacity) {
        return false;
      }
      add(new Write(new Lane(), 1, 0, List.of(message), message.body().length(), listener));
      return true;
    }
  }

  private void add(Write write) {
    queue.add(write);
    queuedBytes += write.weight();
    highestQueuedBytes = Math.max(highestQueuedBytes, queuedBytes);
    lock.notifyAll();
  }

  @Override
  public void onRoom(Runnable retry) {
    synchronized (lock) {
      if (queue.size() >= capacity) {
        waiting.add(retry);
        return;
      }
    }
    retry.run();
  }

  /// Lets nobody in that says hello.
  void refuse(WeirException why) {
    refusal = why;
  }

  @Override
  public void onEnded(Consumer<WeirException> callback) {
    whenEnded = callback;
  }

  @Override
  public LinkDictionaries dictionaries() {
    return dictionaries;
  }

  MemoryStore with(LinkDictionaries newDictionaries) {
    dictionaries = newDictionaries;
    return this;
  }

  private void run() {
    while (true) {
      List<Write> group;
      List<Runnable> retries;
      boolean isFailing;
      synchronized (lock) {
        while (!isClosed && (queue.isEmpty() || isPaused)) {
          try {
            lock.wait();
          } catch (InterruptedException e) {
            return;
          }
        }
        if (isClosed) {
          return;
        }
        group = new ArrayList<>(queue);
        isFailing = failuresLeft > 0;
        if (isFailing) {
          failuresLeft--;
          fail(group);
        } else {
          group.forEach(this::commit);
        }
        queue.clear();
        queuedBytes = 0;
        retries = List.copyOf(waiting);
        waiting.clear();
      }
      boolean hasFailed = isFailing;
      group.forEach(write -> tell(write, hasFailed));
      retries.forEach(Runnable::run);
    }
  }

  private void fail(List<Write> group) {
    for (Write write : group) {
      write.lane().last = write.lane().durable;
    }
  }

  private void commit(Write write) {
    if (write.sequence() < 0) {
      copies++;
      return;
    }
    write.lane().durable = write.sequence();
    write.lane().crc32c = write.crc32c();
    if (write.messages().isEmpty()) {
      write.lane().refused.add(new RefusedFrame(write.sequence(), ErrorCode.MALFORMED));
    }
    write.lane().order.add(write.sequence());
    stored.addAll(write.messages());
  }

  private static void tell(Write write, boolean hasFailed) {
    if (hasFailed) {
      write.listener().failed(new WeirException(ErrorCode.LOG_POISONED, "the test says so"));
    } else if (write.messages().isEmpty()) {
      write.listener().failed(new WeirException(ErrorCode.MALFORMED, "no batch"));
    } else {
      long sequence = Math.abs(write.sequence());
      write.listener().stored("main", 0, sequence * 10, write.sequence() < 0, 700, 30);
    }
  }

  void pause(boolean newPaused) {
    synchronized (lock) {
      isPaused = newPaused;
      lock.notifyAll();
    }
  }

  /// Fails the next commits.
  void failNext(int count) {
    synchronized (lock) {
      failuresLeft = count;
    }
  }

  List<String> bodies() {
    synchronized (lock) {
      return stored.stream().map(message -> message.body().utf8()).toList();
    }
  }

  List<Message> messages() {
    synchronized (lock) {
      return List.copyOf(stored);
    }
  }

  List<Long> order(BatchSource source, int lane) {
    synchronized (lock) {
      Lane known = lanes.get(key(source, lane));
      return known == null ? List.of() : List.copyOf(known.order);
    }
  }

  /// Frames that were offered again after they were stored.
  int copies() {
    synchronized (lock) {
      return copies;
    }
  }

  int queued() {
    synchronized (lock) {
      return queue.size();
    }
  }

  long highestQueuedBytes() {
    synchronized (lock) {
      return highestQueuedBytes;
    }
  }

  /// Forgets everything, as a core that was replaced by an empty one.
  void wipe() {
    synchronized (lock) {
      lanes.clear();
      stored.clear();
    }
  }

  @Override
  public void close() {
    synchronized (lock) {
      isClosed = true;
      lock.notifyAll();
    }
    try {
      committer.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
