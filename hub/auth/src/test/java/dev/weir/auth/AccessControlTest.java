package dev.weir.auth;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.testkit.ManualClock;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class AccessControlTest {
  private static final SplittableRandom RANDOM = new SplittableRandom(7);
  private static final PasswordHash HUNTER2 = PasswordHash.of("hunter2", RANDOM, 4_096, 1);
  private static final Origin HERE = origin("10.0.0.1", 5000);

  private final ManualClock clock = new ManualClock();
  private final List<AuditEvent> audited = new CopyOnWriteArrayList<>();
  private final User anna =
      User.of("anna")
          .withPassword(HUNTER2)
          .withRules(List.of(Rule.allow(Set.of(Action.PUBLISH, Action.SUBSCRIBE), "a/#")));
  private final AuthBook book = AuthBook.EMPTY.with(anna);
  private final AccessControl access = new AccessControl(book, audited::add, clock);

  @AfterEach
  void close() {
    access.close();
  }

  private static Origin origin(String host, int port) {
    return Origin.of("test", new InetSocketAddress(host, port));
  }

  private Session open(Credentials credentials) {
    return open(credentials, HERE);
  }

  private Session open(Credentials credentials, Origin origin) {
    return access.open(credentials, origin).toCompletableFuture().join();
  }

  private void refused(ErrorCode code, Credentials credentials) {
    refused(code, credentials, HERE);
  }

  private void refused(ErrorCode code, Credentials credentials, Origin origin) {
    CompletableFuture<Session> opening = access.open(credentials, origin).toCompletableFuture();
    assertThatThrownBy(opening::join)
        .satisfies(fault -> assertThat(AccessControl.known(fault).code()).isEqualTo(code));
  }

  private static Credentials.Password password(String user, String password) {
    return new Credentials.Password(user, password);
  }

  @Test
  void letsInWhoKnowsThePasswordAndTellsNobodyWhichPartIsWrong() {
    Session session = open(password("anna", "hunter2"));

    assertThat(session.identity().user()).isEqualTo("anna");
    refused(ErrorCode.CREDENTIALS_MISSING, new Credentials.None());
    refused(ErrorCode.UNAUTHENTICATED, password("anna", "hunter3"));
    refused(ErrorCode.UNAUTHENTICATED, password("nobody", "hunter2"));
    refused(ErrorCode.UNAUTHENTICATED, password("anna", "x".repeat(2_000)));
    refused(ErrorCode.UNAUTHENTICATED, new Credentials.Token("hunter2"));
    assertThat(audited).hasSize(5).allMatch(event -> !event.isAllowed());
    assertThat(audited.toString()).doesNotContain("hunter").contains("anna", "10.0.0.1:5000");
    assertThat(access.stats().refusedLogins())
        .containsEntry(ErrorCode.UNAUTHENTICATED, 4L)
        .containsEntry(ErrorCode.CREDENTIALS_MISSING, 1L);
  }

  @Test
  void cutsTheSessionWhenThePasswordChangesOrTheUserGoes() {
    Session first = open(password("anna", "hunter2"));
    access.replace(book.with(anna.withPassword(PasswordHash.of("other", RANDOM, 8, 1))));
    assertThat(first.end().orElseThrow().code()).isEqualTo(ErrorCode.CREDENTIALS_REVOKED);
    refused(ErrorCode.UNAUTHENTICATED, password("anna", "hunter2")); // Remembered, but no more.

    Session second = open(password("anna", "other"));
    access.replace(book.with(anna.withDisabled(true)));
    assertThat(second.end()).isPresent();
    refused(ErrorCode.CREDENTIALS_REVOKED, password("anna", "hunter2"));
    assertThatThrownBy(() -> second.require(Action.PUBLISH, "a/b"))
        .isInstanceOf(WeirException.class)
        .hasMessageContaining("is disabled");
    assertThat(access.stats().sessions()).isZero();
    assertThat(access.stats().cutSessions()).isEqualTo(2);
  }

  @Test
  void letsInWhoShowsAKeyUntilItExpiresOrIsTakenBack() {
    long hour = Duration.ofHours(1).toMillis() * 1_000;
    ApiKey.Fresh fresh =
        ApiKey.draw("anna", "sensor", clock.epochMicros(), clock.epochMicros() + hour, RANDOM);
    ApiKey.Fresh other = ApiKey.draw("anna", "", clock.epochMicros(), Identity.NEVER, RANDOM);
    access.replace(book.with(fresh.key()).with(other.key()));

    Session session = open(new Credentials.Token(fresh.text()));
    Session lasting = open(new Credentials.Token(other.text()));
    assertThat(session.identity().credential()).isEqualTo(fresh.key().id());
    String text = fresh.text();
    String broken = text.substring(0, text.length() - 1) + (text.endsWith("A") ? 'B' : 'A');
    refused(ErrorCode.UNAUTHENTICATED, new Credentials.Token(broken));
    refused(ErrorCode.UNAUTHENTICATED, new Credentials.Token("weir_00000000_x"));
    refused(ErrorCode.UNAUTHENTICATED, new Credentials.Token("weir_"));

    clock.advance(Duration.ofHours(1));
    eventually("the session is cut", () -> session.end().isPresent());
    assertThat(session.end().orElseThrow().code()).isEqualTo(ErrorCode.CREDENTIALS_EXPIRED);
    refused(ErrorCode.CREDENTIALS_EXPIRED, new Credentials.Token(text));

    access.replace(book.with(other.key().revoked()));
    assertThat(lasting.end().orElseThrow().code()).isEqualTo(ErrorCode.CREDENTIALS_REVOKED);
    refused(ErrorCode.CREDENTIALS_REVOKED, new Credentials.Token(other.text()));
  }

  @Test
  void outlivesItsCredentialWhenItIsRenewed() {
    long second = 1_000_000;
    ApiKey.Fresh older =
        ApiKey.draw("anna", "", clock.epochMicros(), clock.epochMicros() + second, RANDOM);
    ApiKey.Fresh newer = ApiKey.draw("anna", "", clock.epochMicros(), Identity.NEVER, RANDOM);
    ApiKey.Fresh strangers = ApiKey.draw("bert", "", clock.epochMicros(), Identity.NEVER, RANDOM);
    access.replace(
        book.with(User.of("bert")).with(older.key()).with(newer.key()).with(strangers.key()));
    Session session = open(new Credentials.Token(older.text()));

    assertThatThrownBy(() ->
            session.renew(new Credentials.Token(strangers.text())).toCompletableFuture().join())
        .hasMessageContaining("another user");
    session.renew(new Credentials.Token(newer.text())).toCompletableFuture().join();
    clock.advance(Duration.ofMinutes(1));
    access.replace(access.book());

    assertThat(session.end()).isEmpty();
    session.require(Action.PUBLISH, "a/b");
  }

  @Test
  void followsItsPermissionsAsTheyChange() {
    Session session = open(password("anna", "hunter2"));
    session.require(Action.PUBLISH, "a/b");
    assertThatThrownBy(() -> session.require(Action.PUBLISH, "b"))
        .isInstanceOfSatisfying(
            WeirException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_PERMITTED))
        .hasMessageContaining("'anna' may not publish 'b'");

    access.replace(book.with(anna.withRules(List.of(Rule.allow(Set.of(Action.PUBLISH), "b")))));

    session.require(Action.PUBLISH, "b");
    assertThatThrownBy(() -> session.require(Action.PUBLISH, "a/b"))
        .isInstanceOf(WeirException.class);
  }

  @Test
  void pausesAnAddressAfterWrongPasswordsAndNobodyElse() {
    for (int i = 0; i < 5; i++) {
      refused(ErrorCode.UNAUTHENTICATED, password("anna", "wrong" + i));
    }
    refused(ErrorCode.LOGIN_PAUSED, password("anna", "hunter2"));

    open(password("anna", "hunter2"), origin("10.0.0.2", 5000));
    clock.advance(Duration.ofSeconds(1));
    refused(ErrorCode.UNAUTHENTICATED, password("anna", "wrong"));
    refused(ErrorCode.LOGIN_PAUSED, password("bert", "wrong"));
    clock.advance(Duration.ofSeconds(1)); // The second pause is twice as long.
    refused(ErrorCode.LOGIN_PAUSED, password("bert", "wrong"));
    clock.advance(Duration.ofSeconds(1));
    refused(ErrorCode.UNAUTHENTICATED, password("anna", "wrong"));
  }

  @Test
  void keepsAFloodFromUsersWhoWereLetInBefore() {
    open(password("anna", "hunter2")).close();
    List<CompletableFuture<Session>> flood = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      Origin somewhere = origin("10.1." + i % 250 + ".1", 1_000 + i);
      flood.add(access.open(password("anna", "no" + i), somewhere).toCompletableFuture());
    }

    // Known by its HMAC: answered at once, on this thread, however many wait.
    assertThat(access.open(password("anna", "hunter2"), HERE).toCompletableFuture()).isDone();

    List<ErrorCode> answers = new ArrayList<>();
    for (CompletableFuture<Session> one : flood) {
      assertThatThrownBy(one::join)
          .satisfies(fault -> answers.add(AccessControl.known(fault).code()));
    }
    assertThat(answers).contains(ErrorCode.OVERLOADED, ErrorCode.UNAUTHENTICATED);
    assertThat(answers.stream().filter(code -> code == ErrorCode.UNAUTHENTICATED).count())
        .isLessThanOrEqualTo(200); // What the queue took, not what came.
  }

  @Test
  void limitsConnectionsAndSubscriptions() {
    Quota two = new Quota(2, 1, 1, Quota.NO_LIMIT, Quota.NO_LIMIT, Quota.NO_LIMIT);
    access.replace(book.with(anna.withQuota(two)));
    Session first = open(password("anna", "hunter2"), origin("10.0.0.1", 1));
    Session again = open(password("anna", "hunter2"), origin("10.0.0.1", 1));
    Session second = open(password("anna", "hunter2"), origin("10.0.0.1", 2));

    refused(ErrorCode.QUOTA_EXCEEDED, password("anna", "hunter2"), origin("10.0.0.1", 3));
    Standing use = new Open();
    first.open(use);
    assertThatThrownBy(() -> second.open(new Open()))
        .isInstanceOf(WeirException.class)
        .hasMessageContaining("1 subscriptions");
    first.closed(use);
    first.closed(use); // Counted once.
    second.open(new Open());

    first.close();
    refused(ErrorCode.QUOTA_EXCEEDED, password("anna", "hunter2"), origin("10.0.0.1", 3));
    again.close();
    open(password("anna", "hunter2"), origin("10.0.0.1", 3));
  }

  @Test
  void auditsRepeatedRefusalsInSmallNumbersAndCountsTheRest() {
    Session session = open(password("anna", "hunter2"));
    for (int i = 0; i < 100; i++) {
      assertThat(session.allows(Action.PUBLISH, "b")).isFalse();
      assertThatThrownBy(() -> session.require(Action.PUBLISH, "b"))
          .isInstanceOf(WeirException.class);
    }
    assertThat(audited).hasSizeBetween(1, 10);
    int before = audited.size();
    clock.advance(Duration.ofSeconds(2));
    assertThatThrownBy(() -> session.require(Action.PUBLISH, "b"))
        .isInstanceOf(WeirException.class);

    assertThat(audited.get(before).suppressed()).isEqualTo(100 - before);
  }

  private static final class Open implements Standing {
    @Override
    public void recheck() {}

    @Override
    public void end(WeirException cause) {}
  }
}
