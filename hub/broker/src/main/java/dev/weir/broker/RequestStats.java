package dev.weir.broker;

/// The figures of requests at one moment; counters count since the core started.
///
/// @param responders who answer
/// @param waiting for their reply
/// @param heldBytes of those that wait
/// @param asked that somebody took
/// @param replied of these, with a reply
/// @param failed of these, with what their responder said was wrong
/// @param timedOut of these, because no reply came in time
/// @param lost of these, because their responder left
/// @param unanswered refused at once: nobody answers their topic
/// @param overloaded refused at once: too many wait, or those who answer have their hands full
public record RequestStats(
    int responders,
    int waiting,
    long heldBytes,
    long asked,
    long replied,
    long failed,
    long timedOut,
    long lost,
    long unanswered,
    long overloaded) {}
