package dev.weir.edge.spool;

import dev.weir.log.LogStats;
import java.util.Map;

/// A spool at one moment.
///
/// @param live what waits on the live lane, on its way to the disk included
/// @param backfill what waits on the others: it arose before an outage ended
/// @param heldBytes from the oldest frame without an ack to the end, acked ones between included
/// @param liveLane the live lane's number: how often a lane was closed
/// @param lanes that have something left, and the live one
/// @param settledSequence everything of the live lane up to it is durable in a core
/// @param nextSequence the live lane's next frame's
/// @param isFull whether nothing is taken now
/// @param losses what was lost since the spool was created
/// @param log the log's own figures
public record SpoolStats(
    Backlog live,
    Backlog backfill,
    long heldBytes,
    int liveLane,
    int lanes,
    long settledSequence,
    long nextSequence,
    boolean isFull,
    Map<LossReason, LossTotal> losses,
    LogStats log) {
  /// Frames that are neither acked nor given up.
  ///
  /// @param bytes of them
  /// @param messages in those of them that are durable
  /// @param oldestMicros when the oldest of them was written, microseconds since 1970; 0 for none;
  ///   looked up once a second
  public record Backlog(long bytes, long messages, long oldestMicros) {}

  /// Bytes of frames that are neither acked nor given up.
  public long unackedBytes() {
    return live.bytes() + backfill.bytes();
  }

  /// Messages in those of them that are durable.
  public long unackedMessages() {
    return live.messages() + backfill.messages();
  }

  /// When the oldest of them was written, as in [Backlog].
  public long oldestMicros() {
    return backfill.oldestMicros() == 0 ? live.oldestMicros() : backfill.oldestMicros();
  }
}
