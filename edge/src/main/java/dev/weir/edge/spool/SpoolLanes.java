package dev.weir.edge.spool;

import dev.weir.link.LaneSource;
import dev.weir.link.LaneSources;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// The spool's lanes as a link sees them: the live one first, the others behind it, oldest first.
///
/// Problem: behind the oldest lane the log cannot be given back, so what is sent of the live lane
/// meanwhile fills the disk. Idea: when the spool is nearly full, the roles are changed: the oldest
/// lane goes first and the live one gets the share, until there is room again.
///
/// Called on the link's thread only.
public final class SpoolLanes implements LaneSources {
  private final SpoolLedger ledger;
  private final Predicate<SpoolLedger> isPressed;
  private final LaneFactory factory;
  private final Map<Integer, SpoolLane> known = new HashMap<>();
  private Lanes lanes = new Lanes(List.of(), List.of());
  private long seenChanges = -1;
  private boolean wasPressed;

  /// Makes the view of a lane.
  @FunctionalInterface
  interface LaneFactory {
    SpoolLane lane(LaneAccount account);
  }

  /// @param isPressed whether the log must be given back soon
  SpoolLanes(SpoolLedger ledger, Predicate<SpoolLedger> isPressed, LaneFactory factory) {
    this.ledger = ledger;
    this.isPressed = isPressed;
    this.factory = factory;
  }

  @Override
  public Lanes current() {
    boolean nowPressed = isPressed.test(ledger);
    if (ledger.changes() == seenChanges && nowPressed == wasPressed) {
      return lanes;
    }
    seenChanges = ledger.changes();
    wasPressed = nowPressed;
    List<LaneSource> all = new ArrayList<>(lanes());
    LaneSource live = all.removeLast();
    if (all.isEmpty()) {
      lanes = new Lanes(List.of(live), List.of());
    } else if (nowPressed) {
      LaneSource oldest = all.removeFirst();
      all.addFirst(live);
      lanes = new Lanes(List.of(oldest), all);
    } else {
      lanes = new Lanes(List.of(live), all);
    }
    return lanes;
  }

  /// Every lane that has something left, oldest first; the last one is live.
  public List<SpoolLane> lanes() {
    List<SpoolLane> current = new ArrayList<>();
    for (LaneAccount account : ledger.lanes()) {
      current.add(known.computeIfAbsent(account.number(), _ -> factory.lane(account)));
    }
    known
        .values()
        .removeIf(lane -> {
          boolean isGone = !current.contains(lane);
          if (isGone) {
            lane.close();
          }
          return isGone;
        });
    return current;
  }

  /// The lane that new frames go to.
  public SpoolLane live() {
    return lanes().getLast();
  }

  void close() {
    known.values().forEach(SpoolLane::close);
  }
}
