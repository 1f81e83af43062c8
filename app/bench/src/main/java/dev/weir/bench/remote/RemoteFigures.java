package dev.weir.bench.remote;

import java.util.List;

/// What one run of a load found.
///
/// @param messages sent
/// @param nanos from the release of the senders to the last reply
/// @param lost messages without a reply
/// @param doubled replies beyond one for a message
/// @param disordered replies before which a later message's came; only in-order promises none
/// @param connections made
record RemoteFigures(
    long messages, long nanos, long lost, long doubled, long disordered, long connections) {
  double perSecond() {
    return messages * 1e9 / nanos;
  }

  String words() {
    return messages
        + " "
        + nanos
        + " "
        + lost
        + " "
        + doubled
        + " "
        + disordered
        + " "
        + connections;
  }

  static RemoteFigures parse(String words) {
    List<Long> all = List.of(words.split(" ", -1)).stream().map(Long::valueOf).toList();
    return new RemoteFigures(
        all.get(0), all.get(1), all.get(2), all.get(3), all.get(4), all.get(5));
  }
}
