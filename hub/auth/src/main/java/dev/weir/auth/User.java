package dev.weir.auth;

import dev.weir.base.Checks;
import java.util.List;
import java.util.Optional;

/// A user as the book has it.
///
/// @param name see [#checkName]
/// @param password its hash, see [PasswordHash]; none for a user of keys, tokens or certificates
/// @param isDisabled whether it is let in no more
/// @param roles names of roles
/// @param rules its own permissions
/// @param certificates subjects or alternative names of certificates that prove it
/// @param quota its own; none for that of all users
public record User(
    String name,
    Optional<PasswordHash> password,
    boolean isDisabled,
    List<String> roles,
    List<Rule> rules,
    List<String> certificates,
    Optional<Quota> quota) {
  public User {
    checkName(name);
    roles = List.copyOf(roles);
    rules = List.copyOf(rules);
    certificates = List.copyOf(certificates);
  }

  /// A user with nothing.
  public static User of(String name) {
    return new User(
        name, Optional.empty(), false, List.of(), List.of(), List.of(), Optional.empty());
  }

  public User withPassword(PasswordHash value) {
    return new User(name, Optional.of(value), isDisabled, roles, rules, certificates, quota);
  }

  public User withRoles(List<String> values) {
    return new User(name, password, isDisabled, values, rules, certificates, quota);
  }

  public User withRules(List<Rule> values) {
    return new User(name, password, isDisabled, roles, values, certificates, quota);
  }

  public User withCertificates(List<String> values) {
    return new User(name, password, isDisabled, roles, rules, values, quota);
  }

  public User withQuota(Quota value) {
    return new User(name, password, isDisabled, roles, rules, certificates, Optional.of(value));
  }

  public User withDisabled(boolean value) {
    return new User(name, password, value, roles, rules, certificates, quota);
  }

  /// Names must be safe in topics (`%u`) and in `user:password`.
  ///
  /// @throws IllegalArgumentException unless it is 1 to 64 of letters, digits and . _ @ -, a letter
  ///   or digit first, and not `token`
  public static String checkName(String name) {
    Checks.argument(
        name.matches("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}") && !name.equals("token"),
        "a user's name is '"
            + name
            + "', expected 1 to 64 letters, digits or . _ @ - (and not 'token')");
    return name;
  }
}
