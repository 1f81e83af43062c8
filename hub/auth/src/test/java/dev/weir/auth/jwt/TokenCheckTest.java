package dev.weir.auth.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import dev.weir.auth.Identity;
import dev.weir.auth.JwtIssuer;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.testkit.ManualClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.EdECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tokens that the JOSE library signs, and forged ones.
final class TokenCheckTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef0123456789abcdef";
  private static final RSAKey RSA = rsa();

  @TempDir Path directory;

  private final ManualClock clock = new ManualClock();
  private final TokenCheck check = new TokenCheck(clock);

  private static RSAKey rsa() {
    try {
      return new RSAKeyGenerator(2_048).keyID("rsa-1").generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private Date in(long seconds) {
    return Date.from(Instant.EPOCH.plusMillis(clock.epochMicros() / 1_000 + seconds * 1_000));
  }

  private JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .issuer("https://login.example")
        .audience("weir")
        .subject("anna")
        .jwtID("t-1")
        .issueTime(in(0))
        .expirationTime(in(60));
  }

  private static String signed(
      JWSAlgorithm algorithm, String keyId, JWSSigner with, JWTClaimsSet of) throws JOSEException {
    SignedJWT token = new SignedJWT(new JWSHeader.Builder(algorithm).keyID(keyId).build(), of);
    token.sign(with);
    return token.serialize();
  }

  private JwtIssuer issuer(JwtIssuer.Keys keys, String... algorithms) {
    return new JwtIssuer(
        "https://login.example",
        "weir",
        Set.of(algorithms),
        keys,
        Duration.ofSeconds(30),
        "sub",
        Optional.of("groups"),
        List.of("everybody"));
  }

  private JwtIssuer.Keys file(JWK... keys) throws IOException {
    Path file = directory.resolve("jwks.json");
    Files.writeString(file, new JWKSet(List.of(keys)).toString(true));
    return new JwtIssuer.Keys.File(file);
  }

  private JwtIssuer.Keys secret() throws IOException {
    Path file = directory.resolve("secret");
    Files.writeString(file, SECRET + "\n");
    return new JwtIssuer.Keys.Secret(file);
  }

  private void refused(ErrorCode code, String why, String token, JwtIssuer issuer) {
    assertThatThrownBy(() -> check.check(token, List.of(issuer)))
        .isInstanceOfSatisfying(
            WeirException.class, e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code))
        .hasMessageContaining(why);
  }

  @Test
  void believesSharedSecrets() throws Exception {
    String token =
        signed(
            JWSAlgorithm.HS256, "", new MACSigner(SECRET), claims().claim("groups", "a b").build());

    Identity found = check.check(token, List.of(issuer(secret(), "HS256")));

    assertThat(found.user()).isEqualTo("anna");
    assertThat(found.credential()).isEqualTo("t-1");
    assertThat(found.roles()).containsExactly("everybody", "a", "b");
    assertThat(found.expiryMicros()).isEqualTo(clock.epochMicros() + 90_000_000);
    refused(
        ErrorCode.UNAUTHENTICATED,
        "no key",
        signed(JWSAlgorithm.HS256, "", new MACSigner(SECRET + "x"), claims().build()),
        issuer(secret(), "HS256"));
  }

  @Test
  void believesRsaAndEllipticCurves() throws Exception {
    ECKey curve = new ECKeyGenerator(Curve.P_256).keyID("ec-1").generate();
    JwtIssuer issuer = issuer(file(RSA.toPublicJWK(), curve.toPublicJWK()), "RS256", "ES256");

    String byRsa = signed(JWSAlgorithm.RS256, "rsa-1", new RSASSASigner(RSA), claims().build());
    String byCurve = signed(JWSAlgorithm.ES256, "ec-1", new ECDSASigner(curve), claims().build());

    assertThat(check.check(byRsa, List.of(issuer)).user()).isEqualTo("anna");
    assertThat(check.check(byCurve, List.of(issuer)).user()).isEqualTo("anna");
    RSAKey stranger = new RSAKeyGenerator(2_048).keyID("rsa-1").generate();
    refused(
        ErrorCode.UNAUTHENTICATED,
        "no key",
        signed(JWSAlgorithm.RS256, "rsa-1", new RSASSASigner(stranger), claims().build()),
        issuer);
  }

  @Test
  void believesEdwardsCurves() throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    JwtIssuer issuer = issuer(file(edwards((EdECPublicKey) pair.getPublic())), "EdDSA");
    JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.EdDSA).keyID("ed-1").build();
    String input = header.toBase64URL() + "." + Base64URL.encode(claims().build().toString());

    String token = input + "." + sign(pair, input);

    assertThat(check.check(token, List.of(issuer)).user()).isEqualTo("anna");
    KeyPair stranger = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    refused(ErrorCode.UNAUTHENTICATED, "no key", input + "." + sign(stranger, input), issuer);
  }

  private static Base64URL sign(KeyPair pair, String input) throws GeneralSecurityException {
    Signature signing = Signature.getInstance("Ed25519");
    signing.initSign(pair.getPrivate());
    signing.update(input.getBytes(StandardCharsets.US_ASCII));
    return Base64URL.encode(signing.sign());
  }

  private static JWK edwards(EdECPublicKey key) {
    byte[] big = key.getPoint().getY().toByteArray();
    byte[] x = new byte[32];
    for (int i = 0; i < big.length && i < 32; i++) {
      x[i] = big[big.length - 1 - i];
    }
    x[31] |= key.getPoint().isXOdd() ? (byte) 0x80 : 0;
    return new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(x)).keyID("ed-1").build();
  }

  @Test
  void takesNoPublicKeyForASecretAndNoTokenWithoutSignature() throws Exception {
    JwtIssuer issuer = issuer(file(RSA.toPublicJWK()), "RS256");
    MACSigner forger = new MACSigner(RSA.toRSAPublicKey().getEncoded());

    refused(
        ErrorCode.UNAUTHENTICATED,
        "its algorithm",
        signed(JWSAlgorithm.HS256, "rsa-1", forger, claims().build()),
        issuer);
    String body = Base64URL.encode(claims().build().toString()).toString();
    String none = Base64URL.encode("{\"alg\":\"none\"}") + "." + body + ".";
    refused(ErrorCode.UNAUTHENTICATED, "cannot be read", none, issuer);
    assertThatThrownBy(() -> issuer(new JwtIssuer.Keys.File(directory), "HS256"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> issuer(new JwtIssuer.Keys.File(directory), "none"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void holdsEveryClaimAgainstTheClockAndTheIssuer() throws Exception {
    JwtIssuer issuer = issuer(secret(), "HS256");

    refused(
        ErrorCode.CREDENTIALS_EXPIRED, "valid until", hs(claims().expirationTime(in(-31))), issuer);
    assertThat(check.check(hs(claims().expirationTime(in(-29))), List.of(issuer)).user())
        .isEqualTo("anna"); // Within the skew.
    refused(ErrorCode.UNAUTHENTICATED, "nbf", hs(claims().notBeforeTime(in(31))), issuer);
    assertThat(check.check(hs(claims().notBeforeTime(in(29))), List.of(issuer)).user())
        .isEqualTo("anna");
    refused(ErrorCode.UNAUTHENTICATED, "iat", hs(claims().issueTime(in(31))), issuer);
    refused(ErrorCode.UNAUTHENTICATED, "no expiry", hs(claims().expirationTime(null)), issuer);
    refused(ErrorCode.UNAUTHENTICATED, "audience", hs(claims().audience("other")), issuer);
    refused(ErrorCode.UNAUTHENTICATED, "issuer", hs(claims().issuer("https://other")), issuer);
    refused(ErrorCode.UNAUTHENTICATED, "names no user", hs(claims().subject(null)), issuer);
    refused(
        ErrorCode.UNAUTHENTICATED, "names no user", hs(claims().subject("x".repeat(200))), issuer);
  }

  private String hs(JWTClaimsSet.Builder of) throws JOSEException {
    return signed(JWSAlgorithm.HS256, "", new MACSigner(SECRET), of.build());
  }

  @Test
  void survivesDamageAtEveryCharacter() throws Exception {
    JwtIssuer issuer = issuer(secret(), "HS256");
    String token = hs(claims());
    for (int i = 0; i < token.length(); i++) {
      char other = token.charAt(i) == 'Z' ? 'z' : 'Z';
      String damaged = token.substring(0, i) + other + token.substring(i + 1);
      String cut = token.substring(0, i);
      boolean isLastCharacter = i == token.length() - 1; // Some of its bits may mean nothing.
      if (!isLastCharacter) {
        refused(ErrorCode.UNAUTHENTICATED, "The token", damaged, issuer);
      }
      refused(ErrorCode.UNAUTHENTICATED, "The token", cut, issuer);
    }
  }

  @Test
  void fetchesKeysWhenTheyTurnAndIsNotMadeToFloodTheIssuer() throws Exception {
    RSAKey next = new RSAKeyGenerator(2_048).keyID("rsa-2").generate();
    AtomicReference<String> document =
        new AtomicReference<>(new JWKSet(RSA.toPublicJWK()).toString(true));
    AtomicInteger fetches = new AtomicInteger();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
    server.createContext(
        "/jwks",
        exchange -> {
          fetches.incrementAndGet();
          byte[] body = document.get().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    try {
      URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/jwks");
      JwtIssuer issuer = issuer(new JwtIssuer.Keys.Url(address), "RS256");
      for (int i = 0; i < 20; i++) {
        check.check(
            signed(JWSAlgorithm.RS256, "rsa-1", new RSASSASigner(RSA), claims().build()),
            List.of(issuer));
      }
      assertThat(fetches.get()).isEqualTo(1);

      document.set(new JWKSet(next.toPublicJWK()).toString(true));
      String turned = signed(JWSAlgorithm.RS256, "rsa-2", new RSASSASigner(next), claims().build());
      assertThat(check.check(turned, List.of(issuer)).user()).isEqualTo("anna");
      assertThat(fetches.get()).isEqualTo(2);

      for (int i = 0; i < 20; i++) {
        String invented =
            signed(JWSAlgorithm.RS256, "no-" + i, new RSASSASigner(next), claims().build());
        assertThatThrownBy(() -> check.check(invented, List.of(issuer)))
            .isInstanceOf(WeirException.class);
      }
      assertThat(fetches.get()).isLessThanOrEqualTo(4);
      assertThat(check.check(turned, List.of(issuer)).user()).isEqualTo("anna");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void saysWhenKeysCannotBeHad() throws Exception {
    JwtIssuer.Keys missing = new JwtIssuer.Keys.File(directory.resolve("none.json"));

    refused(
        ErrorCode.OVERLOADED,
        "cannot be had",
        signed(JWSAlgorithm.RS256, "rsa-1", new RSASSASigner(RSA), claims().build()),
        issuer(missing, "RS256"));
    assertThatThrownBy(() -> new JwtIssuer.Keys.Url(URI.create("http://login.example/jwks")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("https");
  }
}
