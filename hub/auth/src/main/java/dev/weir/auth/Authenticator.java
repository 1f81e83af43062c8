package dev.weir.auth;

import dev.weir.auth.Identity.Proof;
import dev.weir.auth.jwt.TokenCheck;
import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.tls.CertificateNames;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Finds out who somebody is. No call blocks: passwords are hashed by [PasswordChecks], tokens are
/// verified on virtual threads, since their issuer's keys may have to be fetched.
///
/// A refusal never says whether a user exists. Any thread.
final class Authenticator implements AutoCloseable {
  /// Each verification takes some 50 µs of CPU, or waits for an issuer's keys.
  private static final int MAX_TOKEN_CHECKS = 256;

  private static final int MAX_PROVED = 10_000;

  /// A key that an issuer withdraws is believed for a minute at most.
  private static final Duration PROVED_FOR = Duration.ofSeconds(60);

  private final Supplier<AuthBook> book;
  private final Clock clock;
  private final PasswordChecks passwords;
  private final TokenCheck tokens;
  private final RecentProofs<Identity> proved =
      new RecentProofs<>(MAX_PROVED, PROVED_FOR.toNanos());
  private final Semaphore tokenChecks = new Semaphore(MAX_TOKEN_CHECKS);
  private final ExecutorService verifying =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("weir-auth-token-", 0).factory());

  Authenticator(Supplier<AuthBook> book, Clock clock) {
    this.book = book;
    this.clock = clock;
    this.passwords = new PasswordChecks(clock);
    this.tokens = new TokenCheck(clock);
  }

  /// Who shows this.
  ///
  /// @return fails with CREDENTIALS_MISSING, UNAUTHENTICATED, CREDENTIALS_EXPIRED,
  ///   CREDENTIALS_REVOKED, LOGIN_PAUSED or OVERLOADED
  CompletionStage<Identity> authenticate(Credentials credentials, Origin origin) {
    try {
      return switch (credentials) {
        case Credentials.None() ->
            failed(ErrorCode.CREDENTIALS_MISSING, "No credentials came with the request.");
        case Credentials.Password(String user, String password) -> password(user, password, origin);
        case Credentials.Token(String text) -> token(text);
        case Credentials.Certificates(List<X509Certificate> chain) ->
            CompletableFuture.completedStage(valid(certificate(chain)));
      };
    } catch (WeirException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private static <T> CompletionStage<T> failed(ErrorCode code, String why) {
    return CompletableFuture.failedStage(new WeirException(code, why));
  }

  /// @throws WeirException when it was proved, but does not hold
  private Identity valid(Identity identity) {
    Optional<WeirException> fault = Validity.fault(book.get(), identity, clock);
    if (fault.isPresent()) {
      throw fault.get();
    }
    return identity;
  }

  private CompletionStage<Identity> password(String name, String password, Origin origin) {
    Optional<User> user = Optional.ofNullable(book.get().users().get(name));
    return passwords
        .check(name, password, user.flatMap(User::password), origin.network())
        .thenApply(isRight -> {
          if (!isRight || user.isEmpty()) {
            throw new WeirException(
                ErrorCode.UNAUTHENTICATED, "The user or the password is wrong.");
          }
          return valid(
              new Identity(
                  name,
                  Proof.PASSWORD,
                  "password",
                  List.of(),
                  Identity.NEVER,
                  Validity.stamp(user.get())));
        });
  }

  private CompletionStage<Identity> token(String text) {
    Optional<String> keyId = ApiKey.idOf(text);
    if (keyId.isPresent()) {
      return CompletableFuture.completedStage(valid(key(keyId.get(), text)));
    }
    if (text.length() > Credentials.MAX_CHARS || !TokenCheck.isLike(text)) {
      return failed(ErrorCode.UNAUTHENTICATED, "The token is neither a key of Weir nor a JWT.");
    }
    Bytes name = proved.name(text);
    Optional<Identity> known = proved.find(name, clock.nanoTime());
    if (known.isPresent()) {
      return CompletableFuture.completedStage(valid(known.get()));
    }
    if (!tokenChecks.tryAcquire()) {
      return failed(ErrorCode.OVERLOADED, "Too many tokens wait to be verified.");
    }
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            Identity found = tokens.check(text, book.get().issuers());
            proved.keep(name, found, clock.nanoTime());
            return valid(found);
          } finally {
            tokenChecks.release();
          }
        },
        verifying);
  }

  private Identity key(String id, String text) {
    ApiKey key = book.get().keys().get(id);
    if (key == null || !key.matches(text)) {
      throw new WeirException(ErrorCode.UNAUTHENTICATED, "The key is not known.");
    }
    return new Identity(key.user(), Proof.KEY, id, List.of(), key.expiryMicros(), "");
  }

  private Identity certificate(List<X509Certificate> chain) {
    if (chain.isEmpty()) {
      throw new WeirException(ErrorCode.CREDENTIALS_MISSING, "No client certificate was shown.");
    }
    X509Certificate own = chain.getFirst();
    List<String> names = CertificateNames.all(own);
    for (User user : book.get().users().values()) {
      for (String name : names) {
        if (user.certificates().contains(name)) {
          long expiry =
              TimeUnit.MILLISECONDS.toMicros(own.getNotAfter().toInstant().toEpochMilli());
          return new Identity(user.name(), Proof.CERTIFICATE, name, List.of(), expiry, "");
        }
      }
    }
    throw new WeirException(
        ErrorCode.UNAUTHENTICATED, "The certificate '" + names.getFirst() + "' proves no user.");
  }

  /// The book was replaced.
  void onBook(AuthBook changed) {
    tokens.retain(changed.issuers());
  }

  @Override
  public void close() {
    passwords.close();
    verifying.shutdownNow();
  }
}
