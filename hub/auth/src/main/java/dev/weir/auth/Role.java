package dev.weir.auth;

import java.util.List;

/// Permissions that users share: a group's.
public record Role(String name, List<Rule> rules) {
  public Role {
    User.checkName(name);
    rules = List.copyOf(rules);
  }
}
