package dev.weir.config;

/// What a configuration is checked for.
///
/// @param role the process that will run with it
/// @param isEnvironmentChecked whether directories and ports of this machine are tried out
public record LoadScope(Role role, boolean isEnvironmentChecked) {
  /// Whatever runs with it, without touching the machine.
  public static final LoadScope ANY = new LoadScope(Role.ANY, false);

  /// A process of Weir.
  public enum Role {
    /// Not known: each section that is used must be good.
    ANY,
    /// `weir serve`: the edge section is read but not checked against the rest.
    CORE,
    /// `weir edge`: needs a core to send to and an input.
    EDGE;

    boolean hasCore() {
      return this != EDGE;
    }

    boolean hasEdge() {
      return this != CORE;
    }
  }
}
