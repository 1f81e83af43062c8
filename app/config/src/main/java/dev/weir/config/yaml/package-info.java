/// YAML text to a bounded tree in which every node knows its place.
@NullMarked
package dev.weir.config.yaml;

import org.jspecify.annotations.NullMarked;
