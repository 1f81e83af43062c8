package dev.weir.broker.presence;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.Engine;
import dev.weir.broker.Presence;
import dev.weir.broker.PresenceChange;
import dev.weir.broker.PresenceHolder;
import dev.weir.broker.PresenceMember;
import dev.weir.broker.PresenceStats;
import dev.weir.broker.PresenceView;
import dev.weir.broker.PresenceWatch;
import dev.weir.broker.PresenceWatcher;
import dev.weir.broker.explain.MembershipTrace;
import dev.weir.broker.presence.LocalHolder.Place;
import dev.weir.broker.presence.PresenceWatches.Watching;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Presence in this process.
///
/// Problem: a change must be durable before anybody hears of it, and be told in order, while a
/// watcher that begins must neither miss one nor hear one twice. Idea: one thread changes the
/// table, writes to the journal and tells; what is told, a watcher's first view included, stands in
/// one line behind the records that it depends on ([PresenceBook]).
///
/// Invariants: a member without a holder has a grace that runs; the journal holds every change that
/// somebody was told of.
///
/// Threads: `weir-presence` owns everything.
public final class LocalPresence implements Presence, AutoCloseable {
  /// The journal's name.
  public static final String JOURNAL = "presence";

  private static final int MAX_MEMBERS = 200_000;
  private static final int MAX_TOPIC_MEMBERS = 20_000;
  private static final int MAX_HELD = 1_000;

  /// Changes that are not durable yet: 40 MiB of the largest.
  private static final int MAX_WAITING = 10_000;

  private static final Duration CLOSING = Duration.ofSeconds(5);

  private final Clock clock;
  private final ScheduledThreadPoolExecutor owner;
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicLong changes = new AtomicLong();
  private final AtomicLong expired = new AtomicLong();

  // The owner's.
  private final PresenceBook book;

  /// Read here; the book changes it.
  private final PresenceTable table;

  private final PresenceWatches watches;
  private final Map<Place, Set<LocalHolder>> holders = new HashMap<>();
  private final Map<Place, Future<?>> graces = new HashMap<>();

  public LocalPresence(Engine engine, Clock clock) {
    this.clock = clock;
    this.owner =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("weir-presence").factory());
    owner.setRemoveOnCancelPolicy(true);
    owner.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    this.book = new PresenceBook(engine, owner);
    this.table = book.table();
    this.watches = new PresenceWatches(owner, book::keep, book::release);
  }

  /// Goes on with who was there; once, when the broker serves. They leave after their grace unless
  /// they come back.
  ///
  /// @throws IOException when the journal cannot be read
  public void open() throws IOException {
    book.open();
    owner.execute(
        () -> table.forEach((topic, _, member) -> orphan(new Place(topic, member.name()))));
  }

  /// What the owner does for a caller, who is told the sequence once that is durable.
  private CompletionStage<Long> change(Supplier<Long> work) {
    CompletableFuture<Long> done = new CompletableFuture<>();
    if (waiting.incrementAndGet() > MAX_WAITING) {
      waiting.decrementAndGet();
      return CompletableFuture.failedFuture(
          new WeirException(
              ErrorCode.OVERLOADED, MAX_WAITING + " changes of presence wait for the disk."));
    }
    try {
      owner.execute(() -> {
        try {
          long sequence = work.get();
          book.behindRecords(() -> {
            waiting.decrementAndGet();
            done.complete(sequence);
          });
          book.flush();
        } catch (WeirException | IllegalArgumentException e) {
          waiting.decrementAndGet();
          done.completeExceptionally(e);
        }
      });
    } catch (RejectedExecutionException _) {
      waiting.decrementAndGet();
      return CompletableFuture.failedFuture(closing());
    }
    return done;
  }

  private static WeirException closing() {
    return new WeirException(ErrorCode.CONNECTION_LOST, "The core is closing.");
  }

  @Override
  public PresenceHolder hold(String user, String origin) {
    return new LocalHolder(this, user, origin);
  }

  CompletionStage<Long> enter(
      LocalHolder holder, String topic, String name, Bytes data, Duration grace) {
    return change(() -> {
      PresenceMember.checkTopic(topic);
      PresenceMember fresh =
          new PresenceMember(name, holder.user(), data, clock.epochMicros(), grace);
      Place place = new Place(topic, name);
      PresenceMember known = table.member(topic, name);
      checkMayEnter(holder, place, known);
      holder.held().add(place);
      holders.computeIfAbsent(place, _ -> new HashSet<>()).add(holder);
      Future<?> running = graces.remove(place);
      if (running != null) {
        running.cancel(false);
      }
      if (known == null) {
        put(topic, fresh, PresenceChange.Kind.ENTERED);
      } else if (!known.data().equals(data) || !known.grace().equals(grace)) {
        put(topic, changed(known, data, grace), PresenceChange.Kind.UPDATED);
      }
      return table.sequence(topic);
    });
  }

  private void checkMayEnter(LocalHolder holder, Place place, @Nullable PresenceMember known) {
    if (holder.isOver()) {
      throw new WeirException(ErrorCode.CONNECTION_LOST, "The connection is closed.");
    }
    if (known != null && !known.user().equals(holder.user())) {
      throw new WeirException(
          ErrorCode.NOT_PERMITTED,
          "'" + place.name() + "' is present at '" + place.topic() + "' for another user.");
    }
    if (holder.held().size() >= MAX_HELD && !holder.held().contains(place)) {
      throw new WeirException(
          ErrorCode.OVERLOADED, "A connection holds at most " + MAX_HELD + " members.");
    }
    boolean isFull = table.size() >= MAX_MEMBERS || table.size(place.topic()) >= MAX_TOPIC_MEMBERS;
    if (known == null && isFull) {
      throw new WeirException(
          ErrorCode.OVERLOADED,
          "There are "
              + table.size()
              + " members, "
              + table.size(place.topic())
              + " of them here.");
    }
  }

  private static PresenceMember changed(PresenceMember known, Bytes data, Duration grace) {
    return new PresenceMember(known.name(), known.user(), data, known.sinceMicros(), grace);
  }

  CompletionStage<Long> update(LocalHolder holder, String topic, String name, Bytes data) {
    return change(() -> {
      PresenceMember known = held(holder, topic, name);
      if (!known.data().equals(data)) {
        put(topic, changed(known, data, known.grace()), PresenceChange.Kind.UPDATED);
      }
      return table.sequence(topic);
    });
  }

  private PresenceMember held(LocalHolder holder, String topic, String name) {
    PresenceMember known = table.member(topic, name);
    if (known == null || !holder.held().contains(new Place(topic, name))) {
      throw new WeirException(
          ErrorCode.MALFORMED,
          "'" + name + "' was not entered at '" + topic + "' by this connection.");
    }
    return known;
  }

  CompletionStage<Long> leave(LocalHolder holder, String topic, String name) {
    return change(() -> {
      var _ = held(holder, topic, name);
      Place place = new Place(topic, name);
      holder.held().remove(place);
      if (isLeftBy(holder, place)) {
        remove(place);
      }
      return table.sequence(topic);
    });
  }

  /// Whether nobody else holds it.
  private boolean isLeftBy(LocalHolder holder, Place place) {
    Set<LocalHolder> left = holders.get(place);
    if (left != null) {
      left.remove(holder);
    }
    if (left == null || left.isEmpty()) {
      holders.remove(place);
      return true;
    }
    return false;
  }

  void gone(LocalHolder holder) {
    try {
      owner.execute(() -> {
        holder.over();
        for (Place place : holder.held()) {
          if (isLeftBy(holder, place)) {
            orphan(place);
          }
        }
        holder.held().clear();
      });
    } catch (RejectedExecutionException _) {
      // The core is closing; after its start their grace begins.
    }
  }

  private void orphan(Place place) {
    PresenceMember member = table.member(place.topic(), place.name());
    if (member != null) {
      graces.put(
          place,
          owner.schedule(() -> expire(place), member.grace().toMillis(), TimeUnit.MILLISECONDS));
    }
  }

  private void expire(Place place) {
    graces.remove(place);
    if (!holders.containsKey(place)) {
      expired.incrementAndGet();
      remove(place);
      book.flush();
    }
  }

  private void put(String topic, PresenceMember member, PresenceChange.Kind kind) {
    tell(book.put(topic, member, kind));
  }

  private void remove(Place place) {
    PresenceMember member = table.member(place.topic(), place.name());
    if (member != null) {
      tell(book.remove(place, member));
    }
  }

  /// To who watches now: a watch that begins later sees it in its view.
  private void tell(PresenceChange change) {
    changes.incrementAndGet();
    List<Watching> told = watches.at(change.topic());
    book.behindRecords(() -> told.forEach(each -> each.changed(change)));
  }

  @Override
  public CompletionStage<PresenceView> members(String topic) {
    CompletableFuture<PresenceView> seen = new CompletableFuture<>();
    try {
      PresenceMember.checkTopic(topic);
      owner.execute(() -> {
        PresenceView view = table.view(topic, 0);
        book.behindRecords(() -> seen.complete(view));
        book.flush();
      });
    } catch (WeirException e) {
      seen.completeExceptionally(e);
    } catch (RejectedExecutionException _) {
      seen.completeExceptionally(closing());
    }
    return seen;
  }

  /// What a client holds.
  ///
  /// @param origin where it is, `HOST:PORT`
  public CompletionStage<List<MembershipTrace>> memberships(String origin) {
    return asked(() -> {
      List<MembershipTrace> found = new ArrayList<>();
      holders.forEach((place, all) -> {
        PresenceMember member = table.member(place.topic(), place.name());
        if (member != null && all.stream().anyMatch(each -> each.origin().equals(origin))) {
          found.add(place.trace(member, all.size()));
        }
      });
      return found;
    });
  }

  /// The topics that a client follows.
  ///
  /// @param origin where it is, `HOST:PORT`
  public CompletionStage<List<String>> watched(String origin) {
    return asked(() -> watches.of(origin));
  }

  /// What the owner knows; nothing once the core closes.
  private <T> CompletionStage<List<T>> asked(Supplier<List<T>> question) {
    try {
      return CompletableFuture.supplyAsync(question, owner);
    } catch (RejectedExecutionException _) {
      return CompletableFuture.completedStage(List.of());
    }
  }

  @Override
  public PresenceWatch watch(String topic, long since, PresenceWatcher watcher) {
    PresenceMember.checkTopic(topic);
    Watching watching = watches.open(topic, watcher);
    try {
      owner.execute(() -> {
        watches.begin(watching);
        PresenceView view = table.view(topic, since);
        book.behindRecords(() -> watching.began(view));
        book.flush();
      });
    } catch (RejectedExecutionException _) {
      watches.abandon();
      throw closing();
    }
    return watching;
  }

  /// Any thread.
  public PresenceStats stats() {
    return new PresenceStats(
        book.size(), watches.count(), waiting.get(), changes.get(), expired.get());
  }

  /// Ends who watches; nobody leaves by it. Idempotent, never throws.
  @Override
  public void close() {
    try {
      owner.execute(() -> watches.endAll(closing()));
    } catch (RejectedExecutionException _) {
      return;
    }
    owner.shutdown();
    try {
      var _ = owner.awaitTermination(CLOSING.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    book.close();
  }
}
