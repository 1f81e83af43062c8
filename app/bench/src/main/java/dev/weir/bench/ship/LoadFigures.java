package dev.weir.bench.ship;

import java.util.LinkedHashMap;
import java.util.Map;

/// What the load process reports of a run, as one line of `NAME=VALUE`.
///
/// @param seconds from the first message offered to the last ack
/// @param bytes of the bodies shipped in that time
/// @param messages shipped in that time
/// @param firstNumber the number of the first of them; those before were the warm-up
/// @param ackP50Ms from handing a message or frame to the connection to its ack, the middle one
/// @param ackP99Ms the same, the 99th of 100
/// @param cpuSeconds of the load process in that time, user and system
record LoadFigures(
    double seconds,
    double bytes,
    double messages,
    double firstNumber,
    double ackP50Ms,
    double ackP99Ms,
    double cpuSeconds) {
  String line() {
    return "seconds="
        + seconds
        + " bytes="
        + bytes
        + " messages="
        + messages
        + " firstNumber="
        + firstNumber
        + " ackP50Ms="
        + ackP50Ms
        + " ackP99Ms="
        + ackP99Ms
        + " cpuSeconds="
        + cpuSeconds;
  }

  /// @throws IllegalArgumentException when the line is not one
  static LoadFigures parse(String line) {
    Map<String, Double> values = new LinkedHashMap<>();
    for (String word : line.strip().split(" ", -1)) {
      int equals = word.indexOf('=');
      values.put(
          word.substring(0, Math.max(0, equals)), Double.valueOf(word.substring(equals + 1)));
    }
    return new LoadFigures(
        value(values, "seconds"),
        value(values, "bytes"),
        value(values, "messages"),
        value(values, "firstNumber"),
        value(values, "ackP50Ms"),
        value(values, "ackP99Ms"),
        value(values, "cpuSeconds"));
  }

  private static double value(Map<String, Double> values, String name) {
    Double value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the load process did not report " + name);
    }
    return value;
  }
}
