package dev.weir.flow;

/// [GainMachine] with its numbers: the factor on what the path is believed to hold.
///
/// Owned by the thread that owns the link; allocates nothing.
final class GainCycle {
  /// A rate a quarter higher is growth, not jitter.
  private static final double GROWTH = 1.25;

  /// Three: the first flat round may still show acks of the round before.
  private static final int FLAT_ROUNDS_AT_START = 3;

  private static final int FLAT_ROUNDS_AT_CRUISE = 6;

  private final CellCounters<GainMachine.State, GainMachine.Event, GainMachine.Action> counters;
  private Machine<GainMachine.State, GainMachine.Event, GainMachine.Action> machine;
  private double notedRate;
  private int flatRounds;
  private boolean wasFull;

  GainCycle(CellCounters<GainMachine.State, GainMachine.Event, GainMachine.Action> counters) {
    this.counters = counters;
    this.machine = new Machine<>(GainMachine.TABLE, counters, GainMachine.State.START);
  }

  /// Begins anew, on a path of which nothing is known.
  void reset() {
    machine = new Machine<>(GainMachine.TABLE, counters, GainMachine.State.START);
    notedRate = 0;
    flatRounds = 0;
    wasFull = false;
  }

  /// A round is over.
  ///
  /// @param bytesPerSecond the highest delivery rate of late
  /// @param isOwnPace whether the sender held back for a reason of its own
  void onRound(double bytesPerSecond, boolean isOwnPace) {
    if (bytesPerSecond >= GROWTH * notedRate) {
      step(GainMachine.Event.ROUND_GREW, bytesPerSecond);
    } else if (isOwnPace) {
      step(GainMachine.Event.ROUND_IDLE, bytesPerSecond);
    } else {
      step(GainMachine.Event.ROUND_FLAT, bytesPerSecond);
    }
  }

  /// The minimum of the round trip is old.
  ///
  /// @return whether measuring begins
  boolean onRttOld() {
    step(GainMachine.Event.RTT_OLD, notedRate);
    return isMeasuring();
  }

  /// The round in which little was sent is over.
  void onRttMeasured(boolean isHigher, double bytesPerSecond) {
    step(isHigher ? GainMachine.Event.RTT_ROSE : GainMachine.Event.RTT_SEEN, bytesPerSecond);
  }

  private void step(GainMachine.Event event, double bytesPerSecond) {
    GainMachine.State before = machine.state();
    switch (machine.on(event)) {
      case IGNORE -> {}
      case NOTE_RATE -> {
        notedRate = bytesPerSecond;
        flatRounds = 0;
        wasFull &= machine.state() != GainMachine.State.START;
      }
      case COUNT_FLAT -> machine.land(countFlat(before, bytesPerSecond));
      case BEGIN_MEASURING -> flatRounds = 0;
      case GO_ON -> machine.land(wasFull ? GainMachine.State.CRUISE : GainMachine.State.START);
    }
  }

  private GainMachine.State countFlat(GainMachine.State state, double bytesPerSecond) {
    boolean isStart = state == GainMachine.State.START;
    if (++flatRounds < (isStart ? FLAT_ROUNDS_AT_START : FLAT_ROUNDS_AT_CRUISE)) {
      return state;
    }
    flatRounds = 0;
    notedRate = bytesPerSecond;
    wasFull = true;
    return isStart ? GainMachine.State.DRAIN : GainMachine.State.PROBE;
  }

  boolean isMeasuring() {
    return machine.state() == GainMachine.State.MEASURE;
  }

  GainMachine.State state() {
    return machine.state();
  }

  /// The factor. 2.5 is just above 2/ln 2, the least that doubles the rate in each round; 1.25
  /// keeps a reserve of a quarter; 1.75 shows growth of more than [#GROWTH] in one round.
  double factor() {
    return switch (machine.state()) {
      case START -> 2.5;
      case DRAIN -> 1.0;
      case CRUISE -> 1.25;
      case PROBE -> 1.75;
      case MEASURE -> 0.5;
    };
  }
}
