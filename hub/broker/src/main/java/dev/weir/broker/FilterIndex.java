package dev.weir.broker;

import dev.weir.message.TopicFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Which of many filters a topic belongs to.
///
/// The problem: to hold a topic against a hundred thousand filters one by one takes milliseconds.
/// The idea: a tree of levels, in which a topic has at most two ways on at each level, its own name
/// and `+`; what ends in `#` is met on the way. A match costs as many look-ups as the levels that
/// filters share with the topic, however many filters there are.
///
/// ```
///   a/+/c   a/#   +          root ─ a ─ + ─ c [1]
///    [1]    [2]  [3]              │   └ # [2]
///                                 └ + [3]
/// ```
///
/// Owned by one thread.
///
/// @param <T> what a filter stands for
public final class FilterIndex<T> {
  /// What is empty is null: most nodes are leaves with one value, and each further object is one
  /// more that is not in the processor's cache.
  private static final class Node<T> {
    private @Nullable Map<String, Node<T>> named;
    private @Nullable List<T> here;
    private @Nullable List<T> below;
    private @Nullable Node<T> any;

    boolean isEmpty() {
      return named == null && here == null && below == null && any == null;
    }

    private @Nullable Node<T> next(String level) {
      return level.equals("+") ? any : named(level);
    }

    private @Nullable Node<T> named(String level) {
      Map<String, Node<T>> all = named;
      return all == null ? null : all.get(level);
    }

    private Node<T> demanded(String level) {
      Node<T> known = next(level);
      if (known != null) {
        return known;
      }
      Node<T> fresh = new Node<>();
      if (level.equals("+")) {
        any = fresh;
        return fresh;
      }
      Map<String, Node<T>> all = named;
      if (all == null) {
        all = new HashMap<>(4);
        named = all;
      }
      all.put(level, fresh);
      return fresh;
    }

    private void forget(String level) {
      Map<String, Node<T>> all = named;
      if (level.equals("+")) {
        any = null;
      } else if (all != null) {
        all.remove(level);
        named = all.isEmpty() ? null : all;
      }
    }
  }

  private static <T> List<T> with(@Nullable List<T> values, T value) {
    List<T> all = values == null ? new ArrayList<>(1) : values;
    all.add(value);
    return all;
  }

  private static <T> @Nullable List<T> without(@Nullable List<T> values, T value) {
    if (values == null) {
      return null;
    }
    values.remove(value);
    return values.isEmpty() ? null : values;
  }

  private final Node<T> root = new Node<>();

  /// A value may be added under several filters, and under one several times.
  public void add(TopicFilter filter, T value) {
    String[] levels = levels(filter);
    Node<T> node = root;
    for (String level : levels) {
      if (level.equals("#")) {
        node.below = with(node.below, value);
        return;
      }
      node = node.demanded(level);
    }
    node.here = with(node.here, value);
  }

  private static String[] levels(TopicFilter filter) {
    return filter.toString().split("/", -1);
  }

  /// Takes back one addition; nothing happens when there is none.
  public void remove(TopicFilter filter, T value) {
    remove(root, levels(filter), 0, value);
  }

  private void remove(Node<T> node, String[] levels, int depth, T value) {
    if (depth == levels.length) {
      node.here = without(node.here, value);
      return;
    }
    if (levels[depth].equals("#")) {
      node.below = without(node.below, value);
      return;
    }
    Node<T> next = node.next(levels[depth]);
    if (next != null) {
      remove(next, levels, depth + 1, value);
      if (next.isEmpty()) {
        node.forget(levels[depth]);
      }
    }
  }

  /// Whether nothing is left of what was added.
  public boolean isEmpty() {
    return root.isEmpty();
  }

  /// Passes the value of each filter that the topic belongs to; one with several such filters as
  /// often.
  public void forEachMatch(String topic, Consumer<? super T> consumer) {
    boolean isHidden = topic.startsWith("$"); // No wildcard at the front reaches it.
    match(root, topic, 0, isHidden, consumer);
  }

  /// @param start of the level to be looked at; beyond the end when there is none
  private void match(
      Node<T> node, String topic, int start, boolean isHidden, Consumer<? super T> consumer) {
    if (!isHidden) {
      pass(node.below, consumer);
    }
    if (start > topic.length()) {
      pass(node.here, consumer);
      return;
    }
    int slash = topic.indexOf('/', start);
    int end = slash < 0 ? topic.length() : slash;
    Node<T> named = node.named == null ? null : node.named(topic.substring(start, end));
    if (named != null) {
      match(named, topic, end + 1, false, consumer);
    }
    if (node.any != null && !isHidden) {
      match(node.any, topic, end + 1, false, consumer);
    }
  }

  private static <T> void pass(@Nullable List<T> values, Consumer<? super T> consumer) {
    if (values != null) {
      values.forEach(consumer);
    }
  }
}
