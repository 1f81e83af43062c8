package dev.weir.node.auth;

import dev.weir.auth.ApiKey;
import dev.weir.auth.Identity;
import dev.weir.auth.JwtIssuer;
import dev.weir.auth.PasswordHash;
import dev.weir.auth.Quota;
import dev.weir.auth.Role;
import dev.weir.auth.Rule;
import dev.weir.auth.User;
import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import dev.weir.config.schema.Key;
import dev.weir.config.schema.Reading;
import dev.weir.config.schema.Shape.ListOf;
import dev.weir.config.schema.Shape.Section;
import dev.weir.config.schema.Shape.Value;
import dev.weir.config.schema.Values;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// The keys of `auth.yaml`. Reference: docs/reference/auth.md.
final class AuthSchema {
  /// What the file says, before its parts are held against each other.
  record Draft(
      List<User> users,
      List<Role> roles,
      List<ApiKey> keys,
      List<JwtIssuer> issuers,
      List<String> revokedTokens,
      Quota quota) {}

  private static final Key<Integer> VERSION =
      Key.of("version", Values.integer("", 1, 1)).defaults("1").about("The version of the format.");

  private static final ListOf<String> WORDS = new ListOf<>(text("text", s -> s), 0);

  private static final Key<List<Rule>> RULES =
      Key.of("rules", new ListOf<>(text("rule", RuleText::parse), 0))
          .about("What may be done: `allow|deny ACTIONS topic|queue PATTERN`, a line each.");

  static final Section<Draft> ROOT = root();

  private AuthSchema() {}

  private static Section<Draft> root() {
    Key<List<User>> users = Key.of("users", new ListOf<>(user(), 0));
    Key<List<Role>> roles = Key.of("roles", new ListOf<>(role(), 0));
    Key<List<ApiKey>> keys = Key.of("keys", new ListOf<>(apiKey(), 0));
    Key<List<JwtIssuer>> issuers = Key.of("issuers", new ListOf<>(issuer(), 0));
    Key<List<String>> revoked =
        Key.of("revokedTokens", WORDS).about("Ids (jti) of JWTs that were taken back.");
    Key<Quota> quota = Key.of("quota", quota());
    return new Section<>(
        "Who may do what.",
        List.of(VERSION, users, roles, keys, issuers, revoked, quota),
        bound ->
            new Draft(
                bound.get(users),
                bound.get(roles),
                bound.get(keys),
                bound.get(issuers),
                bound.get(revoked),
                bound.get(quota)));
  }

  private static Section<User> user() {
    Key<String> name =
        Key.of("name", text("name", User::checkName)).example("anna").about("Who it is.");
    Key<Optional<PasswordHash>> password =
        Key.of("password", Values.optional(text("hash", PasswordHash::parse)))
            .defaults(Values.NONE)
            .about("Argon2id, as `weir auth user passwd` writes it.")
            .secret();
    Key<Boolean> disabled =
        Key.of("disabled", Values.bool()).defaults("false").about("Whether it is let in no more.");
    Key<List<String>> roles = Key.of("roles", WORDS).about("Roles whose rules it has, too.");
    Key<List<String>> certificates =
        Key.of("certificates", WORDS)
            .about("Common or alternative names of client certificates that prove it.");
    Key<Quota> quota = Key.of("quota", quota());
    return new Section<>(
        "A user.",
        List.of(name, password, disabled, roles, certificates, RULES, quota),
        bound ->
            new User(
                bound.get(name),
                bound.get(password),
                bound.get(disabled),
                bound.get(roles),
                bound.get(RULES),
                bound.get(certificates),
                Optional.of(bound.get(quota)).filter(own -> !own.equals(Quota.NONE))));
  }

  private static Section<Role> role() {
    Key<String> name = Key.of("name", text("name", User::checkName)).example("readers");
    return new Section<>(
        "Rules that users share.",
        List.of(name, RULES),
        bound -> new Role(bound.get(name), bound.get(RULES)));
  }

  private static Section<ApiKey> apiKey() {
    Key<String> id =
        Key.of("id", text("8 hex digits", s -> matching(s, "[0-9a-f]{8}", "8 hex digits")))
            .example("4f1c09ab");
    Key<String> user = Key.of("user", text("name", User::checkName)).example("anna");
    Key<Bytes> hash =
        Key.of("sha256", text("64 hex digits", AuthSchema::sha256)).example("9f86d0…").secret();
    Key<String> note = Key.of("note", text("text", s -> s)).defaults("");
    Key<Long> created = Key.of("created", time()).defaults("1970-01-01T00:00:00Z");
    Key<Long> expires = Key.of("expires", time()).defaults("never");
    Key<Boolean> revoked = Key.of("revoked", Values.bool()).defaults("false");
    return new Section<>(
        "An API key; its secret is kept nowhere.",
        List.of(id, user, hash, note, created, expires, revoked),
        bound ->
            new ApiKey(
                bound.get(id),
                bound.get(user),
                bound.get(hash),
                bound.get(note),
                bound.get(created),
                bound.get(expires),
                bound.get(revoked)));
  }

  private static Section<JwtIssuer> issuer() {
    Key<String> issuer = Key.of("issuer", text("text", s -> s)).example("https://login.example");
    Key<String> audience = Key.of("audience", text("text", s -> s)).defaults("weir");
    Key<List<String>> algorithms =
        Key.of("algorithms", new ListOf<>(text("algorithm", AuthSchema::algorithm), 1))
            .example("RS256");
    Key<JwtIssuer.Keys> keys =
        Key.of("keys", text("keys", AuthSchema::keys)).example("https://login.example/jwks.json");
    Key<Duration> skew = Key.of("clockSkew", Values.duration("0s", "10m")).defaults("30s");
    Key<String> userClaim = Key.of("userClaim", text("claim", s -> s)).defaults("sub");
    Key<Optional<String>> rolesClaim =
        Key.of("rolesClaim", Values.optional(text("claim", s -> s))).defaults(Values.NONE);
    Key<List<String>> roles = Key.of("roles", WORDS);
    return new Section<>(
        "Whose JWTs are believed.",
        List.of(issuer, audience, algorithms, keys, skew, userClaim, rolesClaim, roles),
        bound ->
            new JwtIssuer(
                bound.get(issuer),
                bound.get(audience),
                Set.copyOf(bound.get(algorithms)),
                bound.get(keys),
                bound.get(skew),
                bound.get(userClaim),
                bound.get(rolesClaim),
                bound.get(roles)));
  }

  private static Section<Quota> quota() {
    Key<Optional<Integer>> connections = count("connections", 1);
    Key<Optional<Integer>> subscriptions = count("subscriptions", 0);
    Key<Optional<Integer>> ofConnection = count("connectionSubscriptions", 0);
    Key<Optional<Integer>> messages = count("publishMessages", 1);
    Key<Optional<ByteSize>> bytes = rate("publishBytes");
    Key<Optional<ByteSize>> connectionBytes = rate("connectionBytes");
    return new Section<>(
        "What a user may have and publish at most.",
        List.of(connections, subscriptions, ofConnection, messages, bytes, connectionBytes),
        bound ->
            new Quota(
                limit(bound.get(connections)),
                limit(bound.get(subscriptions)),
                limit(bound.get(ofConnection)),
                limit(bound.get(messages)),
                bound.get(bytes).map(ByteSize::bytes).orElse(Quota.NO_LIMIT),
                bound.get(connectionBytes).map(ByteSize::bytes).orElse(Quota.NO_LIMIT)));
  }

  private static Key<Optional<Integer>> count(String name, int low) {
    return Key.of(name, Values.optional(Values.integer("", low, 1_000_000_000)))
        .defaults(Values.NONE);
  }

  private static Key<Optional<ByteSize>> rate(String name) {
    return Key.of(name, Values.optional(Values.size("1KiB", "1TiB"))).defaults(Values.NONE);
  }

  private static long limit(Optional<Integer> count) {
    return count.map(Integer::longValue).orElse(Quota.NO_LIMIT);
  }

  /// A value whose reader says what it expected by an IllegalArgumentException.
  private static <T> Value<T> text(String kind, Function<String, T> reader) {
    return Values.custom(
        kind,
        "",
        (text, _) -> {
          try {
            return Reading.of(reader.apply(text));
          } catch (IllegalArgumentException e) {
            return Reading.wrongType(String.valueOf(e.getMessage()), "");
          }
        },
        Object::toString);
  }

  private static String matching(String text, String pattern, String expected) {
    if (!text.matches(pattern)) {
      throw new IllegalArgumentException(expected);
    }
    return text;
  }

  private static Bytes sha256(String text) {
    return Bytes.wrap(HexFormat.of().parseHex(matching(text, "[0-9a-f]{64}", "64 hex digits")));
  }

  private static String algorithm(String text) {
    if (!JwtIssuer.ALGORITHMS.contains(text)) {
      throw new IllegalArgumentException("one of " + String.join(", ", JwtIssuer.ALGORITHMS));
    }
    return text;
  }

  /// `https://…`, `file:PATH` of a JWKS, `secret:PATH`.
  private static JwtIssuer.Keys keys(String text) {
    if (text.startsWith("secret:")) {
      return new JwtIssuer.Keys.Secret(Path.of(text.substring("secret:".length())));
    }
    if (text.startsWith("file:")) {
      return new JwtIssuer.Keys.File(Path.of(text.substring("file:".length())));
    }
    if (text.startsWith("http")) {
      return new JwtIssuer.Keys.Url(URI.create(text));
    }
    throw new IllegalArgumentException("https://… or file:PATH of a JWKS, or secret:PATH");
  }

  private static Value<Long> time() {
    return Values.custom(
        "time",
        "2026-12-31T00:00:00Z, or never",
        (text, _) -> {
          if (text.equals("never")) {
            return Reading.of(Identity.NEVER);
          }
          try {
            return Reading.of(ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(text)));
          } catch (DateTimeParseException | ArithmeticException _) {
            return Reading.wrongType("a time such as 2026-12-31T00:00:00Z, or never", "");
          }
        },
        AuthText::time);
  }
}
