package dev.weir.auth;

import dev.weir.base.Checks;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Everything that decides who may do what: what `auth.yaml` says. Immutable, any thread.
///
/// @param users by name
/// @param roles by name
/// @param keys by id
/// @param issuers of JWTs
/// @param revokedTokens ids (`jti`) of JWTs that were taken back
/// @param quota of each user that has none of its own
public record AuthBook(
    Map<String, User> users,
    Map<String, Role> roles,
    Map<String, ApiKey> keys,
    List<JwtIssuer> issuers,
    Set<String> revokedTokens,
    Quota quota) {
  /// Nobody is let in.
  public static final AuthBook EMPTY =
      new AuthBook(Map.of(), Map.of(), Map.of(), List.of(), Set.of(), Quota.NONE);

  /// @throws IllegalArgumentException naming what contradicts what
  public AuthBook {
    users = Collections.unmodifiableMap(new TreeMap<>(users));
    roles = Collections.unmodifiableMap(new TreeMap<>(roles));
    keys = Collections.unmodifiableMap(new LinkedHashMap<>(keys));
    issuers = List.copyOf(issuers);
    revokedTokens = Collections.unmodifiableSet(new LinkedHashSet<>(revokedTokens));
    Map<String, String> userOfCertificate = new HashMap<>();
    for (User user : users.values()) {
      for (String role : user.roles()) {
        Checks.argument(
            roles.containsKey(role),
            "user '" + user.name() + "' has the role '" + role + "', which there is not");
      }
      for (String name : user.certificates()) {
        String other = userOfCertificate.putIfAbsent(name, user.name());
        Checks.argument(
            other == null,
            "the certificate '" + name + "' proves both '" + other + "' and '" + user.name() + "'");
      }
    }
    for (ApiKey key : keys.values()) {
      Checks.argument(
          users.containsKey(key.user()),
          "key " + key.id() + " is of the user '" + key.user() + "', whom there is not");
    }
    Set<String> names = new LinkedHashSet<>();
    for (JwtIssuer issuer : issuers) {
      Checks.argument(names.add(issuer.issuer()), "the issuer '" + issuer.issuer() + "' is twice");
    }
  }

  /// The same with a user added or replaced.
  public AuthBook with(User user) {
    Map<String, User> changed = new TreeMap<>(users);
    changed.put(user.name(), user);
    return new AuthBook(changed, roles, keys, issuers, revokedTokens, quota);
  }

  /// The same without a user and its keys.
  public AuthBook withoutUser(String name) {
    Map<String, User> left = new TreeMap<>(users);
    left.remove(name);
    Map<String, ApiKey> leftKeys = new LinkedHashMap<>(keys);
    leftKeys.values().removeIf(key -> key.user().equals(name));
    return new AuthBook(left, roles, leftKeys, issuers, revokedTokens, quota);
  }

  /// The same with a role added or replaced.
  public AuthBook with(Role role) {
    Map<String, Role> changed = new TreeMap<>(roles);
    changed.put(role.name(), role);
    return new AuthBook(users, changed, keys, issuers, revokedTokens, quota);
  }

  /// The same with a key added or replaced.
  public AuthBook with(ApiKey key) {
    Map<String, ApiKey> changed = new LinkedHashMap<>(keys);
    changed.put(key.id(), key);
    return new AuthBook(users, roles, changed, issuers, revokedTokens, quota);
  }

  /// The same with the tokens of an issuer.
  public AuthBook with(JwtIssuer issuer) {
    List<JwtIssuer> changed = new ArrayList<>(issuers);
    changed.removeIf(other -> other.issuer().equals(issuer.issuer()));
    changed.add(issuer);
    return new AuthBook(users, roles, keys, changed, revokedTokens, quota);
  }

  /// The same with a JWT taken back.
  public AuthBook withRevokedToken(String id) {
    Set<String> changed = new LinkedHashSet<>(revokedTokens);
    changed.add(id);
    return new AuthBook(users, roles, keys, issuers, changed, quota);
  }

  /// The same with another quota of all users.
  public AuthBook withQuota(Quota value) {
    return new AuthBook(users, roles, keys, issuers, revokedTokens, value);
  }

  /// What an identity may do: the rules of its user and of every role of either. A user that the
  /// book does not have, whom an issuer vouches for, has its token's roles alone.
  public Permissions permissions(String user, List<String> grantedRoles) {
    List<Permissions.Placed> placed = new ArrayList<>();
    Optional<User> known = Optional.ofNullable(users.get(user));
    known.ifPresent(found -> place(placed, "user " + user, found.rules()));
    Set<String> names = new LinkedHashSet<>(grantedRoles);
    known.ifPresent(found -> names.addAll(found.roles()));
    for (String name : names) {
      Optional.ofNullable(roles.get(name))
          .ifPresent(role -> place(placed, "role " + name, role.rules()));
    }
    return Permissions.of(user, placed);
  }

  /// Every role of an identity: those of its user, and those that its proof grants.
  public List<String> roles(Identity identity) {
    Set<String> names = new LinkedHashSet<>(identity.roles());
    Optional.ofNullable(users.get(identity.user())).ifPresent(user -> names.addAll(user.roles()));
    return List.copyOf(names);
  }

  private static void place(List<Permissions.Placed> placed, String whose, List<Rule> rules) {
    for (int i = 0; i < rules.size(); i++) {
      placed.add(new Permissions.Placed(rules.get(i), whose + ", rule " + (i + 1)));
    }
  }

  /// What a user may have.
  public Quota quotaOf(String user) {
    return Optional.ofNullable(users.get(user)).flatMap(User::quota).orElse(quota);
  }
}
