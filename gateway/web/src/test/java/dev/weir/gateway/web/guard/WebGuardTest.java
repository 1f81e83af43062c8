package dev.weir.gateway.web.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.auth.AccessControl;
import dev.weir.auth.Action;
import dev.weir.auth.ApiKey;
import dev.weir.auth.AuditTrail;
import dev.weir.auth.AuthBook;
import dev.weir.auth.Identity;
import dev.weir.auth.Rule;
import dev.weir.auth.User;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.LocalBroker;
import dev.weir.broker.LocalBrokerConfig;
import dev.weir.broker.embedded.EmbeddedEngine;
import dev.weir.broker.embedded.EmbeddedEngineConfig;
import dev.weir.gateway.port.Peer;
import dev.weir.gateway.web.http.Caller;
import dev.weir.gateway.web.http.Shown;
import dev.weir.log.FileDisk;
import dev.weir.message.Message;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WebGuardTest {
  private static final ApiKey.Fresh KEY =
      ApiKey.draw("anna", "", 0, Identity.NEVER, new SplittableRandom(5));
  private static final InetSocketAddress FAR =
      new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 4711);
  private static final InetSocketAddress HERE =
      new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 4711);

  @TempDir Path directory;

  private LocalBroker broker;
  private AccessControl access;
  private WebGuard guard;

  @BeforeEach
  void open() throws IOException {
    broker =
        LocalBroker.open(
            EmbeddedEngine.open(EmbeddedEngineConfig.of(directory), new FileDisk(), Clock.SYSTEM),
            Clock.SYSTEM,
            LocalBrokerConfig.defaults());
    User anna = User.of("anna").withRules(List.of(Rule.allow(Set.of(Action.PUBLISH), "a/#")));
    access =
        new AccessControl(AuthBook.EMPTY.with(anna).with(KEY.key()), AuditTrail.NONE, Clock.SYSTEM);
    guard = new WebGuard(access, broker);
  }

  @AfterEach
  void close() {
    access.close();
    broker.close();
  }

  private static Shown token(InetSocketAddress from, boolean isSecure) {
    return new Shown("", List.of(KEY.text()), new Peer(from, isSecure, List.of()));
  }

  private void refused(ErrorCode code, Shown shown) {
    assertThatThrownBy(() -> guard.enter(shown))
        .isInstanceOfSatisfying(WeirException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageNotContaining(KEY.text());
  }

  @Test
  void takesATokenInTheAddressOverTlsOrFromThisMachineOnly() {
    guard.enter(token(FAR, true)).close();
    guard.enter(token(HERE, false)).close();

    refused(ErrorCode.UNAUTHENTICATED, token(FAR, false));
  }

  @Test
  void takesOneOfTheCredentialsThatAreShown() {
    Peer here = new Peer(HERE, false, List.of());

    refused(ErrorCode.MALFORMED, new Shown("Bearer " + KEY.text(), List.of(KEY.text()), here));
    refused(ErrorCode.MALFORMED, new Shown("", List.of(KEY.text(), KEY.text()), here));
    refused(ErrorCode.UNAUTHENTICATED, new Shown("", List.of("x".repeat(20_000)), here));
    refused(ErrorCode.UNAUTHENTICATED, new Shown("", List.of(""), here));
    refused(ErrorCode.CREDENTIALS_MISSING, new Shown("", List.of(), here));
  }

  @Test
  void showsTheBrokerAsTheCallerMaySeeItUntilHeLeaves() {
    Caller anna =
        guard.enter(new Shown("Bearer " + KEY.text(), List.of(), new Peer(FAR, false, List.of())));

    anna.broker().publish(Message.of("a/b", "1")).toCompletableFuture().join();
    assertThatThrownBy(
            () -> anna.broker().publish(Message.of("b", "1")).toCompletableFuture().join())
        .hasMessageContaining("may not publish 'b'");
    assertThatThrownBy(() -> anna.requireConsume("jobs"))
        .hasMessageContaining("may not consume '$queue/jobs'");
    anna.close();
    anna.close();
    assertThatThrownBy(
            () -> anna.broker().publish(Message.of("a/b", "1")).toCompletableFuture().join())
        .hasMessageContaining("closed");
    assertThat(broker.fault()).isEmpty();
  }

  @Test
  void printsNoToken() {
    assertThat(token(HERE, false)).asString().doesNotContain(KEY.text());
  }
}
