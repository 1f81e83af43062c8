package dev.weir.config.schema;

import dev.weir.config.mistake.Span;

/// One effective value and where it came from.
///
/// @param text the value as configuration writes it, masked when it is secret
/// @param span its place; the kind of its source tells default, file, environment or flag
public record Setting(KeyPath path, String text, Span span, Key.Change change) {}
