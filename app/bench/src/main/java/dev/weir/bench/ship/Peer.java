package dev.weir.bench.ship;

/// A way in which a program ships beside the modes, and what must be known to compare it.
enum Peer {
  /// Weir's edge with what rsyslog ships, as rsyslog ships it.
  WEIR("weir async", "both", "spool fsynced before sending, core fsynced before the ack"),
  RSYSLOG(
      "rsyslog",
      "none before the ack",
      "RELP over a disk-assisted queue in memory, read from a file; an ack says that the far program"
          + " has taken the message over, its file is fsynced per batch after that; no ack is timed"),
  KAFKA(
      "kafka",
      "none",
      "acks=all on one broker, idempotent, zstd, one partition; sent from memory, acked from the"
          + " page cache (the default); ack times include the producer's buffer"),
  KAFKA_FSYNC(
      "kafka fsync",
      "far",
      "the same, and log.flush.interval.messages=1: the broker fsyncs each append before its ack");

  private final String label;
  private final String fsync;
  private final String note;

  Peer(String label, String fsync, String note) {
    this.label = label;
    this.fsync = fsync;
    this.note = note;
  }

  /// As the tables name it.
  String label() {
    return label;
  }

  /// Which sides have fsynced a message when its sender forgets it.
  String fsync() {
    return fsync;
  }

  String note() {
    return note;
  }

  boolean hasAckTimes() {
    return this != RSYSLOG;
  }
}
