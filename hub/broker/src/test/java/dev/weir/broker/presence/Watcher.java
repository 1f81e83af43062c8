package dev.weir.broker.presence;

import static dev.weir.testkit.Eventually.eventually;

import dev.weir.base.WeirException;
import dev.weir.broker.PresenceChange;
import dev.weir.broker.PresenceView;
import dev.weir.broker.PresenceWatcher;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// Keeps what it is told, and what it makes of it.
final class Watcher implements PresenceWatcher {
  final List<PresenceView> views = new CopyOnWriteArrayList<>();
  final List<PresenceChange> changes = new CopyOnWriteArrayList<>();
  final List<WeirException> ends = new CopyOnWriteArrayList<>();

  @Override
  public void began(PresenceView view) {
    views.add(view);
  }

  @Override
  public void changed(PresenceChange change) {
    changes.add(change);
  }

  @Override
  public void ended(WeirException cause) {
    ends.add(cause);
  }

  Watcher awaitView() {
    eventually("it began", () -> !views.isEmpty());
    return this;
  }

  /// What was told, such as `entered anna=1`.
  List<String> told() {
    return changes.stream()
        .map(each ->
            each.kind().name().toLowerCase(Locale.ROOT)
                + " "
                + each.member().name()
                + "="
                + each.member().data().utf8())
        .toList();
  }

  void await(int count) {
    eventually(count + " changes", () -> changes.size() >= count);
  }

  /// Who is there, by the view and the changes behind it.
  Map<String, String> known() {
    TreeMap<String, String> known = new TreeMap<>();
    views.getLast().members().forEach(each -> known.put(each.name(), each.data().utf8()));
    for (PresenceChange change : changes) {
      if (change.sequence() > views.getLast().sequence()) {
        if (change.kind() == PresenceChange.Kind.LEFT) {
          known.remove(change.member().name());
        } else {
          known.put(change.member().name(), change.member().data().utf8());
        }
      }
    }
    return known;
  }

  /// Of the last thing that was told.
  long sequence() {
    return changes.isEmpty() ? views.getLast().sequence() : changes.getLast().sequence();
  }
}
