package dev.weir.gateway.grpc;

import dev.weir.broker.PresenceChange;
import dev.weir.broker.PresenceMember;
import dev.weir.broker.PresenceView;
import dev.weir.proto.v1.PresenceKind;

/// Presence in the schema's words.
final class PresenceWords {
  private PresenceWords() {}

  static dev.weir.proto.v1.PresenceView view(PresenceView view) {
    dev.weir.proto.v1.PresenceView.Builder words =
        dev.weir.proto.v1.PresenceView.newBuilder()
            .setTopic(view.topic())
            .setSequence(view.sequence())
            .setHasMissed(view.hasMissed());
    view.members().forEach(member -> words.addMembers(member(member)));
    return words.build();
  }

  static dev.weir.proto.v1.PresenceChange change(PresenceChange change) {
    return dev.weir.proto.v1.PresenceChange.newBuilder()
        .setSequence(change.sequence())
        .setPrevious(change.previous())
        .setKind(kind(change.kind()))
        .setMember(member(change.member()))
        .build();
  }

  private static PresenceKind kind(PresenceChange.Kind kind) {
    return switch (kind) {
      case ENTERED -> PresenceKind.PRESENCE_KIND_ENTERED;
      case UPDATED -> PresenceKind.PRESENCE_KIND_UPDATED;
      case LEFT -> PresenceKind.PRESENCE_KIND_LEFT;
    };
  }

  private static dev.weir.proto.v1.PresenceMember member(PresenceMember member) {
    return dev.weir.proto.v1.PresenceMember.newBuilder()
        .setName(member.name())
        .setUser(member.user())
        .setData(Messages.shared(member.data()))
        .setSinceMicros(member.sinceMicros())
        .setGraceMillis(member.grace().toMillis())
        .build();
  }
}
