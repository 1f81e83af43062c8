package dev.weir.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Bytes;
import dev.weir.proto.v1.JoinRequest;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a membership takes for the answer to what.
@Timeout(60)
final class MembershipTest {
  private static Membership enter(WeirClient client) {
    return client.presence().enter("rooms/1", "anna", Bytes.utf8("0"));
  }

  private static String said(JoinRequest request) {
    return switch (request.getActionCase()) {
      case ENTER -> "enter " + request.getEnter().getData().toStringUtf8();
      case UPDATE -> "update " + request.getUpdate().getData().toStringUtf8();
      case LEAVE -> "leave";
      case ACTION_NOT_SET -> "nothing";
    };
  }

  @Test
  void saysWhatChangedWhileItEntered() {
    try (PresenceCore core = new PresenceCore();
        WeirClient client = core.client();
        Membership anna = enter(client)) {
      assertThat(said(core.awaitRequest(1))).isEqualTo("enter 0");
      CompletableFuture<Void> changed = anna.update(Bytes.utf8("1"));
      core.answer();
      anna.entered().join();

      assertThat(said(core.awaitRequest(2))).isEqualTo("update 1");
      assertThat(changed).isNotDone();
      core.answer();
      changed.join();
    }
  }

  @Test
  void waitsForTheAnswerToTheLastWord() {
    try (PresenceCore core = new PresenceCore();
        WeirClient client = core.client();
        Membership anna = enter(client)) {
      core.awaitRequest(1);
      core.answer();
      anna.entered().join();
      CompletableFuture<Void> first = anna.update(Bytes.utf8("1"));
      CompletableFuture<Void> last = anna.update(Bytes.utf8("2"));
      assertThat(said(core.awaitRequest(2))).isEqualTo("update 1");
      assertThat(said(core.awaitRequest(3))).isEqualTo("update 2");
      assertThat(core.awaitRequest(3).getNumber()).isGreaterThan(core.awaitRequest(2).getNumber());

      core.answer();
      CompletableFuture<Void> next = anna.update(Bytes.utf8("3"));
      core.awaitRequest(4);
      assertThat(last).isNotDone();
      core.answer();
      core.answer();
      first.join();
      last.join();
      next.join();
    }
  }

  @Test
  void entersAgainWithTheLastWord() {
    try (PresenceCore core = new PresenceCore();
        WeirClient client = core.client();
        Membership anna = enter(client)) {
      core.awaitRequest(1);
      core.answer();
      anna.entered().join();
      CompletableFuture<Void> changed = anna.update(Bytes.utf8("1"));
      core.awaitRequest(2);
      core.endCall();

      assertThat(said(core.awaitRequest(3))).isEqualTo("enter 1");
      assertThat(changed).isNotDone();
      core.answer();
      changed.join();
    }
  }
}
