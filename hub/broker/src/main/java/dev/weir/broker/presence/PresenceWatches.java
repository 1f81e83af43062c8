package dev.weir.broker.presence;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.PresenceChange;
import dev.weir.broker.PresenceView;
import dev.weir.broker.PresenceWatch;
import dev.weir.broker.PresenceWatcher;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// Who watches presence, by topic. Owned by `weir-presence`, but for what is said otherwise.
final class PresenceWatches {
  private static final int MAX_WATCHES = 20_000;

  private final Executor owner;
  private final Consumer<String> onFirst;
  private final Consumer<String> onLast;
  private final Map<String, List<Watching>> watches = new HashMap<>();
  private final AtomicInteger count = new AtomicInteger();

  /// @param owner runs tasks on the owner's thread
  /// @param onFirst told a topic that is watched from now on
  /// @param onLast told a topic that nobody watches any more
  PresenceWatches(Executor owner, Consumer<String> onFirst, Consumer<String> onLast) {
    this.owner = owner;
    this.onFirst = onFirst;
    this.onLast = onLast;
  }

  /// How many there are. Any thread.
  int count() {
    return count.get();
  }

  /// Takes a place for somebody who will watch. Any thread.
  ///
  /// @throws WeirException OVERLOADED when there is none
  Watching open(String topic, PresenceWatcher watcher) {
    if (count.incrementAndGet() > MAX_WATCHES) {
      count.decrementAndGet();
      throw new WeirException(
          ErrorCode.OVERLOADED, "There are " + MAX_WATCHES + " who watch presence already.");
    }
    return new Watching(topic, watcher);
  }

  /// Gives the place of one back that never began. Any thread.
  void abandon() {
    count.decrementAndGet();
  }

  /// Is told what changes from now on.
  void begin(Watching watching) {
    watches.computeIfAbsent(watching.topic, _ -> new ArrayList<>()).add(watching);
    onFirst.accept(watching.topic);
  }

  /// Those of a topic, as they are now.
  List<Watching> at(String topic) {
    return List.copyOf(watches.getOrDefault(topic, List.of()));
  }

  /// The topics that a client follows.
  List<String> of(String origin) {
    return watches.values().stream()
        .flatMap(List::stream)
        .filter(each -> each.watcher.origin().equals(origin))
        .map(each -> each.topic)
        .toList();
  }

  void endAll(WeirException cause) {
    List<Watching> all = new ArrayList<>();
    watches.values().forEach(all::addAll);
    watches.clear();
    all.forEach(each -> each.end(cause));
  }

  private void forget(Watching gone) {
    List<Watching> others = watches.get(gone.topic);
    if (others != null && others.remove(gone)) {
      count.decrementAndGet();
      if (others.isEmpty()) {
        watches.remove(gone.topic);
        onLast.accept(gone.topic);
      }
    }
  }

  /// Somebody who watches. Told in one line behind the records of the journal; closed by any
  /// thread.
  final class Watching implements PresenceWatch {
    private final String topic;
    private final PresenceWatcher watcher;
    private volatile boolean isClosed;

    private Watching(String topic, PresenceWatcher watcher) {
      this.topic = topic;
      this.watcher = watcher;
    }

    void began(PresenceView view) {
      if (!isClosed) {
        watcher.began(view);
      }
    }

    void changed(PresenceChange change) {
      if (!isClosed) {
        watcher.changed(change);
      }
    }

    private void end(WeirException cause) {
      if (!isClosed) {
        isClosed = true;
        watcher.ended(cause);
      }
    }

    @Override
    public void close() {
      isClosed = true;
      try {
        owner.execute(() -> forget(this));
      } catch (RejectedExecutionException _) {
        // The core is closing.
      }
    }
  }
}
