package dev.weir.config.yaml;

/// What a text was read into.
///
/// @param root the tree; for a text with a syntax error the part before it
/// @param isWhole false when a syntax error ended the reading, so that what is missing says nothing
public record Document(Node root, boolean isWhole) {}
