package dev.weir.broker;

import dev.weir.base.Clock;
import dev.weir.broker.retained.RetainedKeeper;

/// What a subscription shares with its broker.
record SubscriptionContext(
    Engine engine,
    Tail tail,
    RetainedKeeper retained,
    Clock clock,
    HeldBudget budget,
    SubscriptionTotals totals,
    SlowTotals slow,
    PublishGate gate,
    FairTurns turns) {}
