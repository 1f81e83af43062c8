package dev.weir.auth.guard;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.auth.AccessControl;
import dev.weir.auth.Action;
import dev.weir.auth.ApiKey;
import dev.weir.auth.AuditTrail;
import dev.weir.auth.AuthBook;
import dev.weir.auth.Credentials;
import dev.weir.auth.Identity;
import dev.weir.auth.Origin;
import dev.weir.auth.Rule;
import dev.weir.auth.User;
import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.LocalBroker;
import dev.weir.broker.LocalBrokerConfig;
import dev.weir.broker.PresenceChange;
import dev.weir.broker.PresenceMember;
import dev.weir.broker.PresenceView;
import dev.weir.broker.PresenceWatcher;
import dev.weir.broker.embedded.EmbeddedEngine;
import dev.weir.broker.embedded.EmbeddedEngineConfig;
import dev.weir.log.FileDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class AuthorizedPresenceTest {
  private static final ApiKey.Fresh KEY =
      ApiKey.draw("anna", "", 0, Identity.NEVER, new SplittableRandom(3));
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Rule ROOMS = Rule.allow(Set.of(Action.PRESENCE), "room/#");

  @TempDir Path directory;

  private LocalBroker broker;
  private AccessControl access;
  private RoomBell bell;

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

  @BeforeEach
  void open() throws IOException {
    broker =
        LocalBroker.open(
            EmbeddedEngine.open(EmbeddedEngineConfig.of(directory), new FileDisk(), Clock.SYSTEM),
            Clock.SYSTEM,
            LocalBrokerConfig.defaults());
    access = new AccessControl(AuthBook.EMPTY, AuditTrail.NONE, Clock.SYSTEM);
    bell = new RoomBell(broker);
  }

  @AfterEach
  void close() {
    access.close();
    broker.close();
  }

  private static User anna(Rule... rules) {
    return User.of("anna").withRules(List.of(rules));
  }

  private void allow(User user) {
    access.replace(AuthBook.EMPTY.with(user).with(KEY.key()));
  }

  private AuthorizedBroker as(User user) {
    allow(user);
    Origin origin = new Origin("test", "10.0.0.1:1", "10.0.0.1");
    return new AuthorizedBroker(
        broker,
        access.open(new Credentials.Token(KEY.text()), origin).toCompletableFuture().join(),
        bell);
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

  private static void refused(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .satisfies(fault -> assertThat(AccessControl.known(fault).code()).isEqualTo(code));
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
