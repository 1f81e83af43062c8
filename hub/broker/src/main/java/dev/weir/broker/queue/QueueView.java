package dev.weir.broker.queue;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What is to be seen of a queue; changes nothing. Owned by its machine.
public final class QueueView {
  private final Backlog backlog;
  private final Loaded loaded;
  private final Consumers consumers;

  QueueView(Backlog backlog, Loaded loaded, Consumers consumers) {
    this.backlog = backlog;
    this.loaded = loaded;
    this.consumers = consumers;
  }

  /// Messages in it, those included that are expired and were not met yet.
  public long length() {
    return loaded.size() + backlog.size();
  }

  public QueueFigures figures() {
    return new QueueFigures(
        length(),
        loaded.held(),
        backlog.delayed() + loaded.waiting(),
        loaded.size(),
        consumers.size());
  }

  /// A message that nobody holds.
  ///
  /// @param level see [QueueMachine#level]
  /// @param deliveries how often it was delivered in vain
  /// @param death how it came here, in a dead-letter queue
  public record Place(long position, int level, int deliveries, @Nullable Death death) {}

  /// What nobody holds and is due, the oldest of the highest priority first.
  ///
  /// @param max how many at most
  public List<Place> peek(int max) {
    List<Place> found = new ArrayList<>();
    for (int level = QueueSettings.LEVELS - 1; level >= 0; level--) {
      TreeSet<Long> merged = new TreeSet<>(loaded.readyPositions(level));
      for (long position : backlog.level(level).first(max)) {
        merged.add(position);
      }
      int kept = level;
      merged.stream()
          .limit(max - found.size())
          .forEach(position -> found.add(place(position, kept)));
    }
    return found;
  }

  private Place place(long position, int level) {
    Entry entry = loaded.get(position);
    if (entry != null) {
      return new Place(position, level, entry.deliveries, entry.death);
    }
    History history = backlog.history(position);
    return history == null
        ? new Place(position, level, 0, null)
        : new Place(position, level, history.deliveries(), history.death());
  }

  /// What a consumer may hold and holds; null when there is none of this number.
  public @Nullable Share share(long consumer) {
    return consumers.share(consumer);
  }

  /// How a message stands; null when it is not here.
  public @Nullable Standing standing(long position) {
    return Standing.of(loaded, backlog, position);
  }

  /// The lowest position in it; `Long.MAX_VALUE` when it is empty.
  public long oldest() {
    return Math.min(backlog.oldest(), loaded.oldest());
  }

  /// What the queue would begin with after a restart.
  public QueueState state() {
    QueueState state = unsettledFrom(0);
    state.histories().putAll(backlog.histories());
    for (Entry entry : loaded.all()) {
      if (entry.deliveries > 0 || entry.death != null) {
        state.histories().put(entry.position(), entry.history());
      }
    }
    return state;
  }

  /// What is unsettled at or after a position, and what of it is delayed, without histories. Costs
  /// what is there, not what is before.
  public QueueState unsettledFrom(long position) {
    QueueState state = new QueueState();
    backlog.addTo(state, position);
    for (Entry entry : loaded.all()) {
      if (entry.position() >= position) {
        state.unsettled(entry.level).add(entry.position());
      }
    }
    return state;
  }
}
