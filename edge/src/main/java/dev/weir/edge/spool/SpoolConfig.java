package dev.weir.edge.spool;

import dev.weir.base.ByteSize;
import dev.weir.base.Checks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// How the spool is kept.
///
/// @param directory holds the log, the identity and the cursor; created when missing
/// @param maxBytes frames from the first without an ack on; the disk holds up to two segments and
///   the ack grace more
/// @param maxAge older frames without an ack are dropped and counted; empty for never
/// @param freeDiskFloor the spool counts as full while its file system has less free
/// @param overflow what happens when it is full
/// @param ackGrace acked frames that are kept a while
/// @param segmentBytes what is given back to the disk at once, 64 KiB to 1 GiB
/// @param maxUnsettled frames of a lane handed to the uplink and not yet acked, 1 to 1,048,576
/// @param backfill what becomes of a backlog
public record SpoolConfig(
    Path directory,
    ByteSize maxBytes,
    Optional<Duration> maxAge,
    ByteSize freeDiskFloor,
    OverflowPolicy overflow,
    ByteSize ackGrace,
    ByteSize segmentBytes,
    int maxUnsettled,
    BackfillPolicy backfill) {
  public SpoolConfig {
    Checks.range("maxBytes", maxBytes.bytes(), 64 << 10, Long.MAX_VALUE / 4);
    Checks.range("segmentBytes", segmentBytes.bytes(), 64 << 10, 1 << 30);
    Checks.range("maxUnsettled", maxUnsettled, 1, 1 << 20);
    Checks.argument(
        maxAge.isEmpty() || maxAge.get().isPositive(),
        "maxAge is " + maxAge + ", expected more than zero");
  }

  /// 10 GiB, kept for ever, blocking when full, 256 MiB left to others on the disk. Segments of 16
  /// MiB give space back soon; 16,384 frames are a window of 32 MiB even when batches are of 2 KiB.
  public static SpoolConfig of(Path directory) {
    return new SpoolConfig(
        directory,
        ByteSize.ofMebibytes(10 << 10),
        Optional.empty(),
        ByteSize.ofMebibytes(256),
        OverflowPolicy.BLOCK,
        ByteSize.ofMebibytes(16),
        ByteSize.ofMebibytes(16),
        16_384,
        BackfillPolicy.NEWEST_FIRST);
  }

  public SpoolConfig withMaxBytes(ByteSize value) {
    return new SpoolConfig(
        directory,
        value,
        maxAge,
        freeDiskFloor,
        overflow,
        ackGrace,
        segmentBytes,
        maxUnsettled,
        backfill);
  }

  public SpoolConfig withMaxAge(Duration value) {
    return new SpoolConfig(
        directory,
        maxBytes,
        Optional.of(value),
        freeDiskFloor,
        overflow,
        ackGrace,
        segmentBytes,
        maxUnsettled,
        backfill);
  }

  public SpoolConfig withFreeDiskFloor(ByteSize value) {
    return new SpoolConfig(
        directory,
        maxBytes,
        maxAge,
        value,
        overflow,
        ackGrace,
        segmentBytes,
        maxUnsettled,
        backfill);
  }

  public SpoolConfig withOverflow(OverflowPolicy value) {
    return new SpoolConfig(
        directory,
        maxBytes,
        maxAge,
        freeDiskFloor,
        value,
        ackGrace,
        segmentBytes,
        maxUnsettled,
        backfill);
  }

  public SpoolConfig withAckGrace(ByteSize value) {
    return new SpoolConfig(
        directory,
        maxBytes,
        maxAge,
        freeDiskFloor,
        overflow,
        value,
        segmentBytes,
        maxUnsettled,
        backfill);
  }

  public SpoolConfig withSegmentBytes(ByteSize value) {
    return new SpoolConfig(
        directory,
        maxBytes,
        maxAge,
        freeDiskFloor,
        overflow,
        ackGrace,
        value,
        maxUnsettled,
        backfill);
  }

  public SpoolConfig withMaxUnsettled(int value) {
    return new SpoolConfig(
        directory,
        maxBytes,
        maxAge,
        freeDiskFloor,
        overflow,
        ackGrace,
        segmentBytes,
        value,
        backfill);
  }

  public SpoolConfig withBackfill(BackfillPolicy value) {
    return new SpoolConfig(
        directory,
        maxBytes,
        maxAge,
        freeDiskFloor,
        overflow,
        ackGrace,
        segmentBytes,
        maxUnsettled,
        value);
  }
}
