package dev.weir.auth.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.auth.AccessControl;
import dev.weir.auth.ApiKey;
import dev.weir.auth.AuditTrail;
import dev.weir.auth.AuthBook;
import dev.weir.auth.Credentials;
import dev.weir.auth.Identity;
import dev.weir.auth.Origin;
import dev.weir.auth.Rule;
import dev.weir.auth.Session;
import dev.weir.auth.User;
import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.broker.LocalBroker;
import dev.weir.broker.LocalBrokerConfig;
import dev.weir.broker.embedded.EmbeddedEngine;
import dev.weir.broker.embedded.EmbeddedEngineConfig;
import dev.weir.log.FileDisk;
import dev.weir.message.Message;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A real broker, a user with a key, and the broker as her sessions may see it.
abstract class GuardRig {
  static final ApiKey.Fresh KEY =
      ApiKey.draw("anna", "", 0, Identity.NEVER, new SplittableRandom(3));

  @TempDir Path directory;

  LocalBroker broker;
  AccessControl access;
  RoomBell bell;
  private int port = 1_000;

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

  static AuthBook book(User user) {
    return AuthBook.EMPTY.with(user).with(KEY.key());
  }

  static User anna(Rule... rules) {
    return User.of("anna").withRules(List.of(rules));
  }

  void allow(User user) {
    access.replace(book(user));
  }

  AuthorizedBroker allowing(Rule... rules) {
    return as(anna(rules));
  }

  AuthorizedBroker as(User user) {
    allow(user);
    return new AuthorizedBroker(broker, session(), bell);
  }

  Session session() {
    Origin origin = new Origin("test", "10.0.0.1:" + port++, "10.0.0.1");
    return access.open(new Credentials.Token(KEY.text()), origin).toCompletableFuture().join();
  }

  static Message message(String topic, String body) {
    return Message.of(topic, Bytes.utf8(body));
  }

  static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  static void refused(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .satisfies(fault -> assertThat(AccessControl.known(fault).code()).isEqualTo(code));
  }
}
