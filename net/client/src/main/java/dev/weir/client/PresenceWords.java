package dev.weir.client;

import dev.weir.base.Bytes;
import dev.weir.proto.v1.PresenceChange;
import dev.weir.proto.v1.PresenceMember;
import dev.weir.proto.v1.PresenceView;
import java.time.Duration;
import java.util.List;

/// Presence from the schema's words.
final class PresenceWords {
  private PresenceWords() {}

  static List<Member> members(PresenceView view) {
    return view.getMembersList().stream().map(PresenceWords::member).toList();
  }

  private static Member member(PresenceMember member) {
    return new Member(
        member.getName(),
        member.getUser(),
        Bytes.wrap(member.getData().toByteArray()),
        member.getSinceMicros(),
        Duration.ofMillis(member.getGraceMillis()));
  }

  /// A kind that this version does not know says that something is so: an update.
  static MemberChange change(PresenceChange change) {
    MemberChange.Kind kind =
        switch (change.getKind()) {
          case PRESENCE_KIND_ENTERED -> MemberChange.Kind.ENTERED;
          case PRESENCE_KIND_LEFT -> MemberChange.Kind.LEFT;
          case PRESENCE_KIND_UPDATED, PRESENCE_KIND_UNSPECIFIED, UNRECOGNIZED ->
              MemberChange.Kind.UPDATED;
        };
    return new MemberChange(change.getSequence(), kind, member(change.getMember()));
  }
}
