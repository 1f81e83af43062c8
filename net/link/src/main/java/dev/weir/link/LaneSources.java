package dev.weir.link;

import java.util.ArrayList;
import java.util.List;

/// The lanes of a link, which may come and go while it runs. Called only on the link's duty thread.
///
/// A lane that appears begins at sequence 1 when the link has a session already; one that
/// disappears has everything acked. [LinkClient#wake] after a change.
@FunctionalInterface
public interface LaneSources {
  /// The lanes of now; the same object as long as nothing changed.
  Lanes current();

  /// Lanes that stay as they are, all of the present.
  static LaneSources of(List<LaneSource> lanes) {
    Lanes fixed = new Lanes(lanes, List.of());
    return () -> fixed;
  }

  /// @param fresh lanes that go first, one frame each in turn
  /// @param backfill lanes with what is late, in the order in which they are drained: they get what
  ///   the others leave, and at least their share
  record Lanes(List<LaneSource> fresh, List<LaneSource> backfill) {
    public Lanes {
      fresh = List.copyOf(fresh);
      backfill = List.copyOf(backfill);
    }

    /// All of them.
    public List<LaneSource> all() {
      List<LaneSource> all = new ArrayList<>(fresh);
      all.addAll(backfill);
      return all;
    }
  }
}
