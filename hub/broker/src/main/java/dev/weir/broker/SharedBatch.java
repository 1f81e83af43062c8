package dev.weir.broker;

import dev.weir.message.BatchHeader;
import dev.weir.message.BatchReader;
import dev.weir.message.Message;
import dev.weir.message.TopicFilter;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A stored batch and what subscriptions made of it, so that many that want the same do the work
/// once. Decoded messages and selections are held weakly: they live while somebody delivers them
/// and cost nothing afterwards. Any thread.
final class SharedBatch {
  private record MadeFor(List<TopicFilter> filters, WeakReference<Selection> selection) {}

  private final StoredBatch stored;
  private volatile @Nullable WeakReference<List<Message>> decoded;
  private volatile @Nullable MadeFor latest;
  private volatile @Nullable WeakReference<Selection> whole;

  SharedBatch(StoredBatch stored) {
    this.stored = stored;
  }

  StoredBatch stored() {
    return stored;
  }

  /// What of the batch a subscription gets; maybe nothing.
  ///
  /// @param fromOffset messages before it are not wanted
  /// @param nowMicros messages whose time to live has ended are left out
  /// @throws dev.weir.base.WeirException with MALFORMED when the batch is damaged
  Selection select(List<TopicFilter> filters, long fromOffset, long nowMicros) {
    int first = (int) Math.max(0, fromOffset - stored.baseOffset());
    int matching = matchingTopics(filters);
    if (matching == 0) {
      return Selection.of(this, new int[0], 0);
    }
    if (stored.hasTtl()) {
      return choose(filters, first, nowMicros);
    }
    if (matching == stored.topics().size()) {
      return first == 0 ? whole() : Selection.from(this, first);
    }
    return first == 0 ? shared(filters) : choose(filters, first, stored.storedMicros());
  }

  private int matchingTopics(List<TopicFilter> filters) {
    int matching = 0;
    for (String topic : stored.topics()) {
      matching += matches(filters, topic) ? 1 : 0;
    }
    return matching;
  }

  static boolean matches(List<TopicFilter> filters, String topic) {
    for (TopicFilter filter : filters) {
      if (filter.test(topic)) {
        return true;
      }
    }
    return false;
  }

  static boolean matches(TopicFilter filter, List<String> topics) {
    return topics.stream().anyMatch(filter);
  }

  private Selection whole() {
    WeakReference<Selection> reference = whole;
    Selection known = reference == null ? null : reference.get();
    if (known != null) {
      return known;
    }
    Selection fresh = Selection.from(this, 0);
    whole = new WeakReference<>(fresh);
    return fresh;
  }

  private Selection shared(List<TopicFilter> filters) {
    MadeFor known = latest;
    if (known != null && known.filters().equals(filters)) {
      Selection selection = known.selection().get();
      if (selection != null) {
        return selection;
      }
    }
    Selection selection = choose(filters, 0, stored.storedMicros());
    latest = new MadeFor(filters, new WeakReference<>(selection));
    return selection;
  }

  private Selection choose(List<TopicFilter> filters, int first, long nowMicros) {
    List<Message> all = messages();
    long ageMillis = Math.max(0, nowMicros - stored.storedMicros()) / 1_000;
    int[] indexes = new int[all.size()];
    int count = 0;
    int expired = 0;
    for (int i = first; i < all.size(); i++) {
      Message message = all.get(i);
      if (!matches(filters, message.topic())) {
        continue;
      }
      if (!message.ttl().isZero() && ageMillis >= message.ttl().toMillis()) {
        expired++;
      } else {
        indexes[count++] = i;
      }
    }
    return Selection.of(this, Arrays.copyOf(indexes, count), expired);
  }

  /// The decoded messages.
  ///
  /// @throws dev.weir.base.WeirException with MALFORMED when the batch is damaged
  List<Message> messages() {
    WeakReference<List<Message>> reference = decoded;
    List<Message> known = reference == null ? null : reference.get();
    if (known != null) {
      return known;
    }
    List<Message> fresh = BatchReader.read(stored.batch(), BatchHeader.of(stored.topics()));
    decoded = new WeakReference<>(fresh);
    return fresh;
  }
}
