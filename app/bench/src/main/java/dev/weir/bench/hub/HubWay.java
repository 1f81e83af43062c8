package dev.weir.bench.hub;

import java.util.Arrays;
import java.util.List;

/// A hub that is measured, and what must be known to compare it.
enum HubWay {
  WEIR(
      "weir",
      "yes",
      "a lane of a publisher; subscriptions with cursors; queues through weir.queues(), each message"
          + " with a receipt, each ack confirmed when it is durable"),
  WEIR_LANE(
      "weir lane",
      "yes",
      "the same queue bound to a topic, published through a lane; each ack confirmed when it is"
          + " durable"),
  NATS("nats", "no, memory", "core NATS: nothing is kept, nothing is acked"),
  JETSTREAM(
      "jetstream",
      "no",
      "file store with its default sync of every 2 min; async publish acks; ordered consumers, or a"
          + " work queue stream with one pull consumer and an ack a message, not confirmed"),
  RABBITMQ(
      "rabbitmq",
      "in groups",
      "durable classic queues, persistent messages, confirms, manual acks, not confirmed; what is"
          + " acked before it was written is never written");

  private final String label;
  private final String fsync;
  private final String about;

  HubWay(String label, String fsync, String about) {
    this.label = label;
    this.fsync = fsync;
    this.about = about;
  }

  /// As the command and the tables name it.
  String label() {
    return label;
  }

  /// Whether a message is fsynced before its publisher is told.
  String fsync() {
    return fsync;
  }

  String about() {
    return about;
  }

  boolean isOurs() {
    return this == WEIR || this == WEIR_LANE;
  }

  /// Whether the work of a case is the same there.
  boolean does(HubCase what) {
    return switch (this) {
      case WEIR, JETSTREAM, RABBITMQ -> true;
      case WEIR_LANE -> what.isQueue();
      case NATS -> !what.isQueue();
    };
  }

  /// @throws IllegalArgumentException for a name that there is not
  static HubWay parse(String label) {
    return Arrays.stream(values())
        .filter(way -> way.label.equals(label))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException("'" + label + "' is no way, expected one of " + all()));
  }

  static List<String> all() {
    return Arrays.stream(values()).map(HubWay::label).toList();
  }
}
