package dev.weir.link;

import dev.weir.base.Bytes;

/// A dictionary that a core has from another sender.
///
/// @param id its id
/// @param sha256 of its bytes
/// @param dataClass what it was trained on
/// @param bytes its length
public record DictionaryOffer(int id, Bytes sha256, String dataClass, int bytes) {}
