package dev.weir.auth.guard;

import dev.weir.auth.Action;
import dev.weir.auth.Session;
import dev.weir.base.WeirException;
import dev.weir.message.Batch;
import dev.weir.message.BatchHeader;
import dev.weir.message.Topic;
import java.util.List;

/// Whether a batch may be published: each of its topics is looked at.
public final class PublishRights {
  private PublishRights() {}

  /// @param isLane whether it stands on a lane: who may publish at all may tell its losses there
  /// @throws WeirException with NOT_PERMITTED, or why the session is over
  public static void require(Session session, Batch batch, boolean isLane) {
    for (String topic : topics(batch)) {
      if (isLane && topic.equals(Topic.LOSS)) {
        session.requireAny(Action.PUBLISH);
      } else {
        session.require(Action.PUBLISH, topic);
      }
    }
  }

  /// What cannot be read is nobody's: the broker refuses it in its own words, and passes its lane.
  private static List<String> topics(Batch batch) {
    try {
      return BatchHeader.decode(batch.header()).topics();
    } catch (WeirException _) {
      return List.of();
    }
  }
}
