package dev.weir.auth.guard;

import dev.weir.auth.Action;
import dev.weir.auth.Session;
import dev.weir.message.Batch;
import dev.weir.message.BatchHeader;
import dev.weir.message.Topic;

/// Whether a batch may be published: each of its topics is looked at.
public final class PublishRights {
  private PublishRights() {}

  /// @param isLane whether it stands on a lane: who may publish at all may tell its losses there
  /// @throws dev.weir.base.WeirException with NOT_PERMITTED, MALFORMED, or why the session is over
  public static void require(Session session, Batch batch, boolean isLane) {
    for (String topic : BatchHeader.decode(batch.header()).topics()) {
      if (isLane && topic.equals(Topic.LOSS)) {
        session.requireAny(Action.PUBLISH);
      } else {
        session.require(Action.PUBLISH, topic);
      }
    }
  }
}
