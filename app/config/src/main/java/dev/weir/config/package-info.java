/// The configuration of Weir: one strict YAML file read into typed records, or a list of all its
/// mistakes with their places and fixes.
@NullMarked
package dev.weir.config;

import org.jspecify.annotations.NullMarked;
