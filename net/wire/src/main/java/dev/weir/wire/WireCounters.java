package dev.weir.wire;

import dev.weir.flow.CellCounters;
import dev.weir.flow.Machine;
import java.util.concurrent.atomic.LongAdder;

/// What happened on the connections that share these counters; exposed by the owner of the process.
/// Nothing here is counted per frame. Any thread.
public final class WireCounters {
  private final CellCounters<StreamMachine.State, StreamMachine.Event, StreamMachine.Action> cells =
      new CellCounters<>(StreamMachine.TABLE);
  private final LongAdder lateReplies = new LongAdder();
  private final LongAdder peerFaults = new LongAdder();
  private final LongAdder handlerFaults = new LongAdder();
  private final LongAdder floods = new LongAdder();
  private final LongAdder stalls = new LongAdder();
  private final LongAdder skippedFrames = new LongAdder();
  private final LongAdder damagedFrames = new LongAdder();
  private final LongAdder leases = new LongAdder();
  private final LongAdder leaseRefusals = new LongAdder();
  private final LongAdder leaseWaits = new LongAdder();

  Machine<StreamMachine.State, StreamMachine.Event, StreamMachine.Action> machine() {
    return new Machine<>(StreamMachine.TABLE, cells, StreamMachine.State.IDLE);
  }

  void onLateReply() {
    lateReplies.increment();
  }

  void onPeerFault() {
    peerFaults.increment();
  }

  void onHandlerFault() {
    handlerFaults.increment();
  }

  void onFlood() {
    floods.increment();
  }

  void onStall() {
    stalls.increment();
  }

  void onSkippedFrame() {
    skippedFrames.increment();
  }

  void onDamagedFrame() {
    damagedFrames.increment();
  }

  void onLease() {
    leases.increment();
  }

  void onLeaseRefusal() {
    leaseRefusals.increment();
  }

  void onLeaseWait() {
    leaseWaits.increment();
  }

  /// How often each cell of the streams' table was entered.
  public CellCounters<StreamMachine.State, StreamMachine.Event, StreamMachine.Action> cells() {
    return cells;
  }

  /// Replies that came when nobody waited any more.
  public long lateReplies() {
    return lateReplies.sum();
  }

  /// Connections that were closed because their peer broke the protocol.
  public long peerFaults() {
    return peerFaults.sum();
  }

  /// Exceptions of handlers; each ended its stream.
  public long handlerFaults() {
    return handlerFaults.sum();
  }

  /// Connections that were closed because their peer sent too many frames that cost it nothing;
  /// among the [#peerFaults].
  public long floods() {
    return floods.sum();
  }

  /// Streams and connections that were ended because their peer lived but did not move.
  public long stalls() {
    return stalls.sum();
  }

  /// Frames whose checksum was wrong, among the [#peerFaults], and bodies that could not be
  /// decompressed, which ended their streams.
  public long damagedFrames() {
    return damagedFrames.sum();
  }

  /// Leases given to clients, see [WireLease].
  public long leases() {
    return leases.sum();
  }

  /// Calls refused because they began beyond their client's lease.
  public long leaseRefusals() {
    return leaseRefusals.sum();
  }

  /// How often a stream's calls had to wait for the server's next lease.
  public long leaseWaits() {
    return leaseWaits.sum();
  }

  /// Frames of later versions that were passed over.
  public long skippedFrames() {
    return skippedFrames.sum();
  }
}
