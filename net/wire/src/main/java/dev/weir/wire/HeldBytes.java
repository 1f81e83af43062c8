package dev.weir.wire;

/// What a connection holds of received bytes, told to the process's budget once per turn, and what
/// follows when the process holds too much: no more credit, until there is room. A connection that
/// is putting a message together is spared, as only the rest of that message frees what it holds.
///
/// Owned by the connection's event loop.
final class HeldBytes {
  private final WireConnection connection;
  private final ConnectionCredit credit;
  private final MemoryBudget budget;
  private long unreported;
  private long reported;
  private int assembling;
  private boolean isWaiting;

  HeldBytes(WireConnection connection, ConnectionCredit credit, MemoryBudget budget) {
    this.connection = connection;
    this.credit = credit;
    this.budget = budget;
  }

  /// Adds to what is held, or takes away.
  void add(long bytes) {
    unreported += bytes;
  }

  void onAssembling(int change) {
    assembling += change;
  }

  /// The turn is over.
  void report() {
    if (unreported != 0) {
      budget.hold(unreported);
      reported += unreported;
      unreported = 0;
    }
    credit.freeze(!mayGrant());
    if (credit.isFrozen() && !isWaiting) {
      isWaiting = true;
      budget.whenRoom(() -> connection.onLoop(this::onRoom));
    }
  }

  private void onRoom() {
    isWaiting = false;
    credit.freeze(!mayGrant());
    connection.grantAll();
  }

  boolean mayGrant() {
    return assembling > 0 || budget.hasRoom();
  }

  /// The connection is over: it holds nothing any more.
  void release() {
    unreported = 0;
    budget.hold(-reported);
    reported = 0;
  }
}
