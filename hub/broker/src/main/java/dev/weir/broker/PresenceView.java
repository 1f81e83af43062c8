package dev.weir.broker;

import java.util.List;

/// Who is present at a topic.
///
/// @param sequence of the last change in it; 0 when there was none that is remembered
/// @param hasMissed whether a watcher has missed something; it then forgets what it knew
/// @param members all of them, in the order of their entering; left out when nothing was missed
public record PresenceView(
    String topic, long sequence, boolean hasMissed, List<PresenceMember> members) {
  public PresenceView {
    members = List.copyOf(members);
  }
}
