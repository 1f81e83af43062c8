/// A peer's remote: messages to it and their answers, each once and in order, over any number of
/// connections.
@NullMarked
package dev.weir.remote;

import org.jspecify.annotations.NullMarked;
