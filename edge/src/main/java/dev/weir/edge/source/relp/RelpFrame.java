package dev.weir.edge.source.relp;

import dev.weir.base.Bytes;

/// A command of a RELP client.
///
/// @param number its transaction, 1 to 999,999,999; 0 for a hint, which is not answered
/// @param command 1 to 32 letters
/// @param data what it carries; empty when it was too large
/// @param dataBytes how much it announced
/// @param isOversize whether the data was over the limit and was passed over
record RelpFrame(int number, String command, Bytes data, int dataBytes, boolean isOversize) {}
