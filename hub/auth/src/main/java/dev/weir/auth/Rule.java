package dev.weir.auth;

import dev.weir.base.Checks;
import dev.weir.base.WeirException;
import dev.weir.broker.QueueSpec;
import dev.weir.message.TopicFilter;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// One line of permissions: these actions on what a pattern matches are allowed, or denied.
///
/// A queue is the topic `$queue/NAME`, so that one namespace serves both: publishing to that topic
/// is publishing into the queue. A bucket of keys is the topic `$kv/NAME`.
///
/// @param isAllowing false for a denial, which wins over every allowance
/// @param actions at least one
/// @param pattern a topic filter, in which `%u` stands for the user's name
public record Rule(boolean isAllowing, Set<Action> actions, String pattern) {
  /// Stands for the user's name.
  public static final String USER = "%u";

  private static final String BUCKET_PREFIX = "$kv/";

  /// @throws WeirException with INVALID_TOPIC when the pattern is no filter
  public Rule {
    Checks.argument(!actions.isEmpty(), "a rule names no action");
    actions = Collections.unmodifiableSet(EnumSet.copyOf(actions));
    TopicFilter _ = TopicFilter.parse(pattern.replace(USER, "user"));
  }

  public static Rule allow(Set<Action> actions, String pattern) {
    return new Rule(true, actions, pattern);
  }

  public static Rule deny(Set<Action> actions, String pattern) {
    return new Rule(false, actions, pattern);
  }

  /// The pattern of queues of a name, in which `+` or `#` is any.
  public static String queuePattern(String name) {
    return QueueSpec.TOPIC_PREFIX + name;
  }

  /// The name of the queues that it is about; none for topics.
  public Optional<String> queue() {
    return pattern.startsWith(QueueSpec.TOPIC_PREFIX)
        ? Optional.of(pattern.substring(QueueSpec.TOPIC_PREFIX.length()))
        : Optional.empty();
  }

  /// The pattern of buckets of a name, in which `+` or `#` is any.
  public static String bucketPattern(String name) {
    return BUCKET_PREFIX + name;
  }

  /// The name of the buckets that it is about; none for topics and queues.
  public Optional<String> bucket() {
    return pattern.startsWith(BUCKET_PREFIX)
        ? Optional.of(pattern.substring(BUCKET_PREFIX.length()))
        : Optional.empty();
  }

  /// What it matches for a user. None when it names the user and the user's name could reach beyond
  /// its level: no rule is better than a wider one.
  Optional<TopicFilter> filterFor(String user) {
    if (!pattern.contains(USER)) {
      return Optional.of(TopicFilter.parse(pattern));
    }
    boolean isPlain =
        !user.isEmpty()
            && user.charAt(0) != '$'
            && user.chars().noneMatch(c -> c == '/' || c == '+' || c == '#' || c < ' ');
    try {
      return isPlain
          ? Optional.of(TopicFilter.parse(pattern.replace(USER, user)))
          : Optional.empty();
    } catch (WeirException _) {
      return Optional.empty(); // Longer than a filter may be.
    }
  }

  /// As `weir auth acl` prints and takes it: `allow publish,subscribe topic sensors/#`.
  @Override
  public String toString() {
    return (isAllowing ? "allow " : "deny ")
        + actions.stream().map(Action::label).collect(Collectors.joining(","))
        + queue()
            .map(name -> " queue " + name)
            .or(() -> bucket().map(name -> " bucket " + name))
            .orElse(" topic " + pattern);
  }
}
