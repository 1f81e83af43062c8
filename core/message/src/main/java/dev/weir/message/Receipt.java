package dev.weir.message;

/// The answer to a publish.
///
/// @param durability what holds now
/// @param position where the message (the first of its batch) is stored; for a duplicate, of the
///   first copy where it is still known, else the end of the partition at that time;
///   [Position#UNKNOWN] when the ack that named it was lost with its connection
/// @param isDuplicate whether the message was stored before and not again now
public record Receipt(Durability durability, Position position, boolean isDuplicate) {}
