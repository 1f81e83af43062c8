package dev.weir.auth;

/// What permissions say to one request, and why.
///
/// @param reason for a person: the rule that decided, or that none did; a sentence without its full
///   stop
public record Decision(boolean isAllowed, String reason) {}
