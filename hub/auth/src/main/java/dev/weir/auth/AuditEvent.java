package dev.weir.auth;

/// One decision, for the audit. It never holds a secret.
///
/// @param micros when, microseconds since 1970
/// @param event what kind: `login`, `access`, `cut`, `book`
/// @param user whose; empty when nobody was proved
/// @param credential which proof, such as `key 4f1c09ab`
/// @param door by which protocol
/// @param address from where
/// @param action what was asked for; empty for a login
/// @param target of what: a topic, a filter
/// @param isAllowed the decision
/// @param why the rule, or the fault
/// @param suppressed how many like it were left out since the last one that was written
public record AuditEvent(
    long micros,
    String event,
    String user,
    String credential,
    String door,
    String address,
    String action,
    String target,
    boolean isAllowed,
    String why,
    long suppressed) {}
