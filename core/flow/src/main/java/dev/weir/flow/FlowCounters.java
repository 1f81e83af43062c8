package dev.weir.flow;

import java.util.List;

/// The cell counters of a process: one set per table, shared by all its machines. Any thread may
/// use them.
public final class FlowCounters {
  private final CellCounters<PublishedSender.State, PublishedSender.Event, PublishedSender.Action>
      publishedSender = new CellCounters<>(PublishedSender.TABLE);
  private final CellCounters<
          PublishedReceiver.State, PublishedReceiver.Event, PublishedReceiver.Action>
      publishedReceiver = new CellCounters<>(PublishedReceiver.TABLE);
  private final CellCounters<SenderState, SenderEvent, SenderAction> sender =
      new CellCounters<>(SenderMachine.TABLE);
  private final CellCounters<ReceiverState, ReceiverEvent, ReceiverAction> receiver =
      new CellCounters<>(ReceiverMachine.TABLE);
  private final CellCounters<
          ReconnectMachine.State, ReconnectMachine.Event, ReconnectMachine.Action>
      reconnect = new CellCounters<>(ReconnectMachine.TABLE);
  private final CellCounters<LivenessMachine.State, LivenessMachine.Event, LivenessMachine.Action>
      liveness = new CellCounters<>(LivenessMachine.TABLE);
  private final CellCounters<ProgressMachine.State, ProgressMachine.Event, ProgressMachine.Action>
      progress = new CellCounters<>(ProgressMachine.TABLE);
  private final CellCounters<GainMachine.State, GainMachine.Event, GainMachine.Action> windowGain =
      new CellCounters<>(GainMachine.TABLE);

  public CellCounters<PublishedSender.State, PublishedSender.Event, PublishedSender.Action>
      publishedSender() {
    return publishedSender;
  }

  public CellCounters<PublishedReceiver.State, PublishedReceiver.Event, PublishedReceiver.Action>
      publishedReceiver() {
    return publishedReceiver;
  }

  public CellCounters<SenderState, SenderEvent, SenderAction> sender() {
    return sender;
  }

  public CellCounters<ReceiverState, ReceiverEvent, ReceiverAction> receiver() {
    return receiver;
  }

  public CellCounters<ReconnectMachine.State, ReconnectMachine.Event, ReconnectMachine.Action>
      reconnect() {
    return reconnect;
  }

  public CellCounters<LivenessMachine.State, LivenessMachine.Event, LivenessMachine.Action>
      liveness() {
    return liveness;
  }

  public CellCounters<ProgressMachine.State, ProgressMachine.Event, ProgressMachine.Action>
      progress() {
    return progress;
  }

  public CellCounters<GainMachine.State, GainMachine.Event, GainMachine.Action> windowGain() {
    return windowGain;
  }

  /// All sets, for whoever exposes them.
  public List<CellCounters<?, ?, ?>> all() {
    return List.of(
        publishedSender,
        publishedReceiver,
        sender,
        receiver,
        reconnect,
        liveness,
        progress,
        windowGain);
  }
}
