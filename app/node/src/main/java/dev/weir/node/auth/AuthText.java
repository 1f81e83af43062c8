package dev.weir.node.auth;

import dev.weir.auth.ApiKey;
import dev.weir.auth.AuthBook;
import dev.weir.auth.Identity;
import dev.weir.auth.JwtIssuer;
import dev.weir.auth.Quota;
import dev.weir.auth.Role;
import dev.weir.auth.Rule;
import dev.weir.auth.User;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// A book as `auth.yaml` has it: what is written is read back as an equal one. Every text is in
/// single quotes, since `#`, `$` and `%` mean something to YAML.
final class AuthText {
  private static final String HEAD =
      """
      # Who may do what; see docs/reference/auth.md. Edit it, or use `weir auth`, which writes it
      # anew: comments are not kept. A running core takes changes within a second.
      version: 1
      """;

  private final StringBuilder text = new StringBuilder(HEAD);

  private AuthText() {}

  static String of(AuthBook book) {
    AuthText yaml = new AuthText();
    yaml.list("users", book.users().values(), yaml::user);
    yaml.list("roles", book.roles().values(), yaml::role);
    yaml.list("keys", book.keys().values(), yaml::key);
    yaml.list("issuers", book.issuers(), yaml::issuer);
    if (!book.revokedTokens().isEmpty()) {
      yaml.line("", "revokedTokens", flow(book.revokedTokens()));
    }
    yaml.quota("", book.quota());
    return yaml.text.toString();
  }

  private <T> void list(String name, Collection<T> elements, Consumer<T> printer) {
    if (!elements.isEmpty()) {
      text.append(name).append(":\n");
      elements.forEach(printer);
    }
  }

  private void line(String indent, String key, String value) {
    text.append(indent).append(key).append(": ").append(value).append('\n');
  }

  private void user(User user) {
    line("  - ", "name", quoted(user.name()));
    user.password().ifPresent(hash -> line("    ", "password", quoted(hash.text())));
    if (user.isDisabled()) {
      line("    ", "disabled", "true");
    }
    words("    ", "roles", user.roles());
    words("    ", "certificates", user.certificates());
    rules(user.rules());
    user.quota().ifPresent(quota -> quota("    ", quota));
  }

  private void role(Role role) {
    line("  - ", "name", quoted(role.name()));
    rules(role.rules());
  }

  private void rules(List<Rule> rules) {
    if (!rules.isEmpty()) {
      text.append("    rules:\n");
      rules.forEach(rule -> text.append("      - ").append(quoted(rule.toString())).append('\n'));
    }
  }

  private void key(ApiKey key) {
    line("  - ", "id", quoted(key.id()));
    line("    ", "user", quoted(key.user()));
    line("    ", "sha256", quoted(HexFormat.of().formatHex(key.sha256().toArray())));
    if (!key.note().isEmpty()) {
      line("    ", "note", quoted(key.note()));
    }
    line("    ", "created", quoted(time(key.createdMicros())));
    line("    ", "expires", quoted(time(key.expiryMicros())));
    if (key.isRevoked()) {
      line("    ", "revoked", "true");
    }
  }

  private void issuer(JwtIssuer issuer) {
    line("  - ", "issuer", quoted(issuer.issuer()));
    line("    ", "audience", quoted(issuer.audience()));
    words("    ", "algorithms", issuer.algorithms().stream().sorted().toList());
    line(
        "    ",
        "keys",
        quoted(
            switch (issuer.keys()) {
              case JwtIssuer.Keys.File(var path) -> "file:" + path;
              case JwtIssuer.Keys.Secret(var path) -> "secret:" + path;
              case JwtIssuer.Keys.Url(var address) -> address.toString();
            }));
    line("    ", "clockSkew", issuer.clockSkew().toSeconds() + "s");
    line("    ", "userClaim", quoted(issuer.userClaim()));
    issuer.rolesClaim().ifPresent(claim -> line("    ", "rolesClaim", quoted(claim)));
    words("    ", "roles", issuer.roles());
  }

  private void words(String indent, String key, Collection<String> words) {
    if (!words.isEmpty()) {
      line(indent, key, flow(words));
    }
  }

  private void quota(String indent, Quota quota) {
    if (quota.equals(Quota.NONE)) {
      return;
    }
    text.append(indent).append("quota:\n");
    Map.of(
            "connections", quota.connections(),
            "subscriptions", quota.subscriptions(),
            "connectionSubscriptions", quota.connectionSubscriptions(),
            "publishMessages", quota.publishMessages())
        .entrySet()
        .stream()
        .sorted(Map.Entry.comparingByKey())
        .filter(limit -> limit.getValue() != Quota.NO_LIMIT)
        .forEach(limit -> line(indent + "  ", limit.getKey(), "" + limit.getValue()));
    rate(indent, "publishBytes", quota.publishBytes());
    rate(indent, "connectionBytes", quota.connectionBytes());
  }

  private void rate(String indent, String key, long bytes) {
    if (bytes != Quota.NO_LIMIT) {
      line(indent + "  ", key, bytes + "B");
    }
  }

  private static String flow(Collection<String> words) {
    return words.stream().map(AuthText::quoted).collect(Collectors.joining(", ", "[", "]"));
  }

  /// A literal `${` is doubled, as everywhere in configuration.
  private static String quoted(String value) {
    return "'" + value.replace("'", "''").replace("${", "$${") + "'";
  }

  static String time(long micros) {
    return micros == Identity.NEVER
        ? "never"
        : Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
  }
}
