package dev.weir.bench.rtt;

/// One line of the tables.
///
/// @param kind what is asked of the client: `run` or `ping`
/// @param way of the requests
/// @param rttMillis of the path
/// @param bytes of a request
/// @param count of requests, one after the other
record RttCase(String kind, RttWay way, int rttMillis, int bytes, int count) {
  static final String RUN = "run";
  static final String PING = "ping";

  String name() {
    String what = kind.equals(PING) ? "ping beside " : "";
    String times = count > 1 && kind.equals(RUN) ? count + " × " : "";
    return way.label() + " " + rttMillis + " ms, " + what + times + size(bytes);
  }

  static String size(int bytes) {
    return bytes >= 1_000_000
        ? bytes / 1_000_000 + " MB"
        : bytes >= 1_000 ? bytes / 1_000 + " KB" : bytes + " B";
  }

  RttCase of(RttWay other) {
    return new RttCase(kind, other, rttMillis, bytes, count);
  }
}
