package dev.weir.load;

import java.time.Duration;
import java.util.List;

/// What one run of a load does.
///
/// @param isQueue whether readers share the messages, or each gets all
/// @param readers 1 to 1,000
/// @param bytes of a body, 24 or more
/// @param time for which messages are sent
/// @param perSecond messages sent; 0 for as many as the window lets out
/// @param window messages that may be sent and have not arrived everywhere
public record HubPlan(
    boolean isQueue, int readers, int bytes, Duration time, int perSecond, int window) {
  private static final String QUEUE = "queue";
  private static final String FAN_OUT = "fan-out";

  /// The question that [HubLoad] answers.
  public String words() {
    return String.join(
        " ",
        isQueue ? QUEUE : FAN_OUT,
        Integer.toString(readers),
        Integer.toString(bytes),
        Long.toString(time.toMillis()),
        Integer.toString(perSecond),
        Integer.toString(window));
  }

  static HubPlan parse(List<String> words) {
    boolean isQueue =
        switch (words.get(0)) {
          case QUEUE -> true;
          case FAN_OUT -> false;
          default -> throw new IllegalArgumentException("unknown: " + words);
        };
    return new HubPlan(
        isQueue,
        Integer.parseInt(words.get(1)),
        Integer.parseInt(words.get(2)),
        Duration.ofMillis(Long.parseLong(words.get(3))),
        Integer.parseInt(words.get(4)),
        Integer.parseInt(words.get(5)));
  }
}
