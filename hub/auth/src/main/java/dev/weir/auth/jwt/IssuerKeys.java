package dev.weir.auth.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyType;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import dev.weir.auth.JwtIssuer.Keys;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.io.IOException;
import java.net.MalformedURLException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The keys of one issuer. [#find] may block: it reads a file, or fetches a document.
///
/// An address is fetched when a key is asked for that is not known, or what is known is older than
/// ten minutes; two fetches in ten seconds at most, whatever comes: tokens with invented key ids
/// must not make the core flood the issuer. While the issuer does not answer, its old keys hold for
/// a day.
final class IssuerKeys {
  private static final long MAX_AGE_MILLIS = Duration.ofMinutes(10).toMillis();
  private static final long FETCH_INTERVAL_MILLIS = Duration.ofSeconds(10).toMillis();
  private static final long OUTAGE_MILLIS = Duration.ofDays(1).toMillis();
  private static final int FETCH_TIMEOUT_MILLIS = 3_000;
  private static final int MAX_DOCUMENT_BYTES = 256 << 10;

  /// A file is looked at once a second at most.
  private static final long LOOK_NANOS = Duration.ofSeconds(1).toNanos();

  /// As many bits as the smallest hash that is accepted (RFC 7518 §3.2).
  private static final int MIN_SECRET_BYTES = 32;

  private final Keys where;
  private final Clock clock;
  private final @Nullable JWKSource<SecurityContext> fetched;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private JWKSet read = new JWKSet();
  private FileTime readTime = FileTime.fromMillis(0);
  private long lookNanos;
  private boolean isRead;

  IssuerKeys(Keys where, Clock clock) {
    this.where = where;
    this.clock = clock;
    this.fetched = where instanceof Keys.Url(var address) ? source(address) : null;
  }

  private static JWKSource<SecurityContext> source(java.net.URI address) {
    try {
      return JWKSourceBuilder.create(
              address.toURL(),
              new DefaultResourceRetriever(
                  FETCH_TIMEOUT_MILLIS, FETCH_TIMEOUT_MILLIS, MAX_DOCUMENT_BYTES))
          .cache(MAX_AGE_MILLIS, 2L * FETCH_TIMEOUT_MILLIS)
          .refreshAheadCache(false)
          .rateLimited(FETCH_INTERVAL_MILLIS)
          .outageTolerant(OUTAGE_MILLIS)
          .build();
    } catch (MalformedURLException | IllegalArgumentException e) {
      throw new IllegalArgumentException("the JWKS address '" + address + "' is none", e);
    }
  }

  /// The keys that may have signed under a header.
  ///
  /// @throws WeirException with OVERLOADED when they cannot be had now
  List<JWK> find(JWSHeader header) {
    try {
      if (fetched != null) {
        JWKMatcher matcher = JWKMatcher.forJWSHeader(header);
        return matcher == null ? List.of() : fetched.get(new JWKSelector(matcher), null);
      }
      JWKSet keys = readAgain();
      return where instanceof Keys.Secret
          ? keys.getKeys()
          : new JWKSelector(JWKMatcher.forJWSHeader(header)).select(keys);
    } catch (JOSEException | IOException | ParseException e) {
      throw new WeirException(
          ErrorCode.OVERLOADED, "The keys of the token's issuer cannot be had now.", e);
    }
  }

  private JWKSet readAgain() throws IOException, ParseException {
    lock.lock();
    try {
      long now = clock.nanoTime();
      if (isRead && now - lookNanos < LOOK_NANOS) {
        return read;
      }
      lookNanos = now;
      Path file = path();
      FileTime time = Files.getLastModifiedTime(file);
      if (!isRead || !time.equals(readTime)) {
        read = where instanceof Keys.Secret ? secret(file) : JWKSet.load(file.toFile());
        readTime = time;
        isRead = true;
      }
      return read;
    } finally {
      lock.unlock();
    }
  }

  private Path path() {
    return switch (where) {
      case Keys.File(Path path) -> path;
      case Keys.Secret(Path path) -> path;
      case Keys.Url _ -> throw new IllegalStateException("an address has no file");
    };
  }

  private static JWKSet secret(Path file) throws IOException {
    byte[] secret = Files.readString(file).strip().getBytes(StandardCharsets.UTF_8);
    if (secret.length < MIN_SECRET_BYTES) {
      throw new IOException(
          "the secret has " + secret.length + " bytes, expected " + MIN_SECRET_BYTES + " or more");
    }
    return new JWKSet(new OctetSequenceKey.Builder(secret).build());
  }

  /// Whether a key of this kind is a shared secret.
  static boolean isSecret(JWK key) {
    return KeyType.OCT.equals(key.getKeyType());
  }
}
