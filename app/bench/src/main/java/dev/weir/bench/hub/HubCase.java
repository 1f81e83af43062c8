package dev.weir.bench.hub;

import dev.weir.load.HubPlan;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/// A workload, the same for every hub.
enum HubCase {
  FAN_OUT_10("fan-out-10", false, 10, 1024, 5_000),
  FAN_OUT_10_SMALL("fan-out-10-64", false, 10, 64, 5_000),
  FAN_OUT_100("fan-out-100", false, 100, 1024, 500),
  FAN_OUT_100_SMALL("fan-out-100-64", false, 100, 64, 500),
  QUEUE_1("queue-1", true, 1, 1024, 5_000),
  QUEUE_8("queue-8", true, 8, 1024, 5_000);

  /// End to end: with it 4 MiB of 1 KiB are under way, less than any client's own buffers.
  private static final int WINDOW = 4_096;

  private final String label;
  private final boolean isQueue;
  private final int readers;
  private final int bytes;
  private final int steady;

  HubCase(String label, boolean isQueue, int readers, int bytes, int steady) {
    this.label = label;
    this.isQueue = isQueue;
    this.readers = readers;
    this.bytes = bytes;
    this.steady = steady;
  }

  /// As the command and the tables name it.
  String label() {
    return label;
  }

  boolean isQueue() {
    return isQueue;
  }

  String about() {
    return isQueue
        ? "work queue, " + bytes + " B, consumers: " + readers
        : "fan-out 1→" + readers + ", " + bytes + " B";
  }

  /// Messages a second at which latency is looked at: well below what the slowest hub carries.
  int steady() {
    return steady;
  }

  /// As fast as the window lets out.
  HubPlan flatOut(Duration time) {
    return new HubPlan(isQueue, readers, bytes, time, 0, WINDOW);
  }

  /// At the steady rate.
  HubPlan paced(Duration time) {
    return new HubPlan(isQueue, readers, bytes, time, steady, WINDOW);
  }

  /// @throws IllegalArgumentException for a name that there is not
  static HubCase parse(String label) {
    return Arrays.stream(values())
        .filter(what -> what.label.equals(label))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException("'" + label + "' is no case, expected one of " + all()));
  }

  static List<String> all() {
    return Arrays.stream(values()).map(HubCase::label).toList();
  }
}
