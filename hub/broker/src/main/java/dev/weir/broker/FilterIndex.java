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
  private static final class Node<T> {
    private final Map<String, Node<T>> named = new HashMap<>(4);
    private final List<T> here = new ArrayList<>(1);
    private final List<T> below = new ArrayList<>(0);
    private @Nullable Node<T> any;

    boolean isEmpty() {
      return named.isEmpty() && here.isEmpty() && below.isEmpty() && any == null;
    }

    private @Nullable Node<T> next(String level) {
      return level.equals("+") ? any : named.get(level);
    }

    private Node<T> demanded(String level) {
      Node<T> known = next(level);
      if (known != null) {
        return known;
      }
      Node<T> fresh = new Node<>();
      if (level.equals("+")) {
        any = fresh;
      } else {
        named.put(level, fresh);
      }
      return fresh;
    }

    private void forget(String level) {
      if (level.equals("+")) {
        any = null;
      } else {
        named.remove(level);
      }
    }
  }

  private final Node<T> root = new Node<>();

  /// A value may be added under several filters, and under one several times.
  public void add(TopicFilter filter, T value) {
    String[] levels = levels(filter);
    Node<T> node = root;
    for (String level : levels) {
      if (level.equals("#")) {
        node.below.add(value);
        return;
      }
      node = node.demanded(level);
    }
    node.here.add(value);
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
      node.here.remove(value);
      return;
    }
    if (levels[depth].equals("#")) {
      node.below.remove(value);
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
      node.below.forEach(consumer);
    }
    if (start > topic.length()) {
      node.here.forEach(consumer);
      return;
    }
    int slash = topic.indexOf('/', start);
    int end = slash < 0 ? topic.length() : slash;
    Node<T> named = node.named.isEmpty() ? null : node.named.get(topic.substring(start, end));
    if (named != null) {
      match(named, topic, end + 1, false, consumer);
    }
    if (node.any != null && !isHidden) {
      match(node.any, topic, end + 1, false, consumer);
    }
  }
}
