package dev.weir.flow;

import dev.weir.base.Checks;
import java.util.Arrays;

/// What a sender knows of one lane: which sequences are acked, which are in flight, which is next.
///
///     1 ........ acked | first unacked ........ sent | next ........
///                      |------ in flight -----------|
///
/// Sequences begin at 1 and have no gaps. Acks are cumulative: one for `n` settles everything up to
/// `n`. Each frame in flight keeps the lane's byte position behind it and the time it was sent, in
/// rings of a power of two, so that an ack costs the same however much it settles.
///
/// What the peer says is judged, never trusted: an ack beyond what was sent, or a nack of what was
/// acked, is [Answer#IMPOSSIBLE] and changes nothing.
///
/// Owned by the thread that owns the link; allocates only while the rings grow.
public final class LaneLedger {
  /// 65,536 frames: a window of 32 MiB in frames of 512 bytes.
  public static final int MAX_FRAMES = 1 << 16;

  private static final int INITIAL_FRAMES = 64;

  /// What an ack or a nack turned out to be.
  public enum Answer {
    /// It settled or took back something; see [#settledBytes] and [#takenBackBytes].
    PROGRESS,
    /// It is about what is settled or taken back already.
    STALE,
    /// It cannot be true: a protocol error.
    IMPOSSIBLE
  }

  /// What a welcome said about the lane.
  public enum Resumption {
    /// Everything that was acked is there; sending goes on behind it.
    RESUMED,
    /// The server lost what it had acked: it must be sent again, or told as lost where the spool no
    /// longer has it.
    REGRESSED,
    /// The server holds sequences that this spool never assigned; nothing may be sent.
    AHEAD
  }

  private final int lane;
  private long acked;
  private long sent;

  /// The highest sequence sent in this session; above `sent` after a nack took frames back.
  private long highest;

  private long ackedPosition;
  private long sentPosition;
  private long settledBytes;
  private long settledSentNanos;
  private long takenBackBytes;
  private long[] endPositions = new long[INITIAL_FRAMES];
  private long[] sentNanos = new long[INITIAL_FRAMES];

  /// @param lane its number, not negative
  /// @param firstUnacked the first sequence that is not known to be durable, 1 or more
  public LaneLedger(int lane, long firstUnacked) {
    this.lane = Checks.range("lane", lane, 0, Integer.MAX_VALUE);
    this.acked = Checks.range("firstUnacked", firstUnacked, 1, Long.MAX_VALUE) - 1;
    this.sent = acked;
    this.highest = acked;
  }

  /// Takes the welcome's word for what is durable. Unless the server is [Resumption#AHEAD], the
  /// lane then has nothing in flight and goes on behind `durable`.
  ///
  /// @param durable the highest sequence that the server stored, 0 for none
  /// @param nextInSpool the sequence that the spool will assign next
  public Resumption resume(long durable, long nextInSpool) {
    if (durable < 0 || durable >= nextInSpool) {
      return Resumption.AHEAD;
    }
    Resumption resumption = durable < acked ? Resumption.REGRESSED : Resumption.RESUMED;
    acked = durable;
    forgetInFlight();
    return resumption;
  }

  /// Treats what is in flight as unsent, after the transport was lost.
  public void forgetInFlight() {
    sent = acked;
    highest = acked;
    sentPosition = ackedPosition;
  }

  /// Notes that the next sequence went out.
  ///
  /// @param frameBytes its header and payload
  /// @return its sequence
  public long onSent(long frameBytes, long nowNanos) {
    Checks.state(hasRoom(), "the lane has as many frames in flight as it may");
    if (sent - acked == endPositions.length) {
      grow();
    }
    sent++;
    highest = Math.max(highest, sent);
    sentPosition += Checks.range("frameBytes", frameBytes, 1, Integer.MAX_VALUE);
    endPositions[slot(sent)] = sentPosition;
    sentNanos[slot(sent)] = nowNanos;
    return sent;
  }

  /// Judges a cumulative ack; on [Answer#PROGRESS] what it settled can be asked for.
  public Answer onAck(long durable) {
    if (durable < 0 || durable > sent) {
      return Answer.IMPOSSIBLE;
    }
    if (durable <= acked) {
      return Answer.STALE;
    }
    long position = endPositions[slot(durable)];
    settledBytes = position - ackedPosition;
    settledSentNanos = sentNanos[slot(durable)];
    ackedPosition = position;
    acked = durable;
    return Answer.PROGRESS;
  }

  /// Judges a nack; on [Answer#PROGRESS] everything from the sequence on is taken back, and that
  /// sequence is the next to be sent.
  public Answer onNack(long sequence) {
    if (sequence <= acked || sequence > highest) {
      return Answer.IMPOSSIBLE;
    }
    if (sequence > sent) {
      return Answer.STALE;
    }
    long position = sequence - 1 == acked ? ackedPosition : endPositions[slot(sequence - 1)];
    takenBackBytes = sentPosition - position;
    sentPosition = position;
    sent = sequence - 1;
    return Answer.PROGRESS;
  }

  /// Judges a refusal: the sequence will never be stored but keeps its place, and the ack that
  /// covers it comes as for any other. Changes nothing; [Answer#PROGRESS] when it is in flight.
  public Answer onRefused(long sequence) {
    if (sequence <= acked || sequence > highest) {
      return Answer.IMPOSSIBLE;
    }
    return sequence > sent ? Answer.STALE : Answer.PROGRESS;
  }

  private int slot(long sequence) {
    return (int) sequence & (endPositions.length - 1);
  }

  private void grow() {
    long[] oldPositions = endPositions;
    long[] oldNanos = sentNanos;
    int oldMask = oldPositions.length - 1;
    endPositions = Arrays.copyOf(oldPositions, oldPositions.length * 2);
    sentNanos = Arrays.copyOf(oldNanos, oldNanos.length * 2);
    for (long sequence = acked + 1; sequence <= sent; sequence++) {
      endPositions[slot(sequence)] = oldPositions[(int) sequence & oldMask];
      sentNanos[slot(sequence)] = oldNanos[(int) sequence & oldMask];
    }
  }

  /// Whether one more frame may be in flight.
  public boolean hasRoom() {
    return sent - acked < MAX_FRAMES;
  }

  public int lane() {
    return lane;
  }

  /// Everything up to this sequence is durable with the server; 0 for nothing.
  public long acked() {
    return acked;
  }

  /// The sequence after the acked ones.
  public long firstUnacked() {
    return acked + 1;
  }

  /// The sequence to be sent next.
  public long nextSequence() {
    return sent + 1;
  }

  /// Frames sent and neither acked nor taken back.
  public int inFlightCount() {
    return (int) (sent - acked);
  }

  /// Their bytes.
  public long inFlightBytes() {
    return sentPosition - ackedPosition;
  }

  /// When the oldest frame in flight was sent.
  ///
  /// @throws IllegalStateException when nothing is in flight
  public long oldestSentNanos() {
    Checks.state(sent > acked, "nothing is in flight");
    return sentNanos[slot(acked + 1)];
  }

  /// Bytes that the last ack settled.
  public long settledBytes() {
    return settledBytes;
  }

  /// When the newest frame of the last ack was sent: the ack's round trip counts from there.
  public long settledSentNanos() {
    return settledSentNanos;
  }

  /// Bytes that the last nack took back.
  public long takenBackBytes() {
    return takenBackBytes;
  }
}
