package dev.weir.bench.scale;

import java.util.Arrays;
import java.util.List;

/// A size that a hub is to carry.
enum ScaleCase {
  /// 100,000 filters are held against a million topics.
  TOPICS("topics"),
  /// 10,000 subscribers of one topic, and one publisher and reader of another.
  SUBSCRIBERS("subscribers"),
  /// 10,000 WebSockets that say nothing.
  SOCKETS("sockets"),
  /// A queue of ten million messages.
  QUEUE_10M("queue10m");

  private final String label;

  ScaleCase(String label) {
    this.label = label;
  }

  /// As the command and the tables name it.
  String label() {
    return label;
  }

  /// @throws IllegalArgumentException for a name that there is not
  static ScaleCase parse(String label) {
    return Arrays.stream(values())
        .filter(what -> what.label.equals(label))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException("'" + label + "' is no case, expected one of " + all()));
  }

  static List<String> all() {
    return Arrays.stream(values()).map(ScaleCase::label).toList();
  }
}
