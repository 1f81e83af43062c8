package dev.weir.broker;

/// The figures of presence at one moment.
///
/// @param members who are there, of all topics
/// @param watches that follow a topic
/// @param waitingChanges that are not durable yet
/// @param changes told since the core started: who entered, said something else, or left
/// @param expired of these, who left because their grace was over
public record PresenceStats(
    int members, int watches, int waitingChanges, long changes, long expired) {}
