package dev.weir.auth.guard;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.Action;
import dev.weir.auth.Rule;
import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.PresenceChange;
import dev.weir.broker.PresenceMember;
import dev.weir.broker.PresenceView;
import dev.weir.broker.PresenceWatcher;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class AuthorizedPresenceTest extends GuardRig {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Rule ROOMS = Rule.allow(Set.of(Action.PRESENCE), "room/#");

  /// Keeps how it ended.
  private static final class Watcher implements PresenceWatcher {
    final List<ErrorCode> ends = new CopyOnWriteArrayList<>();

    @Override
    public void began(PresenceView view) {}

    @Override
    public void changed(PresenceChange change) {}

    @Override
    public void ended(WeirException cause) {
      ends.add(cause.code());
    }
  }

  private static long enter(AuthorizedBroker seen, String topic) {
    return seen.presence()
        .hold("ignored")
        .enter(topic, "m", Bytes.EMPTY, LONG)
        .toCompletableFuture()
        .join();
  }

  private List<PresenceMember> members() {
    return broker.presence().members("room/1").toCompletableFuture().join().members();
  }

  @Test
  void seesAndEntersWhereItMay() {
    AuthorizedBroker seen = as(anna(ROOMS));
    enter(seen, "room/1");

    assertThat(members()).singleElement().extracting(PresenceMember::user).isEqualTo("anna");
    refused(ErrorCode.NOT_PERMITTED, () -> enter(seen, "other"));
    refused(
        ErrorCode.NOT_PERMITTED,
        () -> seen.presence().members("other").toCompletableFuture().join());
    refused(ErrorCode.NOT_PERMITTED, () -> seen.presence().watch("other", 0, new Watcher()));
  }

  @Test
  void leavesAndIsCutWithItsPermission() {
    AuthorizedBroker seen = as(anna(ROOMS));
    Watcher watcher = new Watcher();
    seen.presence().watch("room/1", 0, watcher);
    enter(seen, "room/1");

    allow(anna());
    eventually("it left", () -> members().isEmpty());
    assertThat(watcher.ends).containsExactly(ErrorCode.NOT_PERMITTED);
  }
}
