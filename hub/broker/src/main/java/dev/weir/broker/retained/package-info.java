/// The last message of each topic: the index of topics, and what keeps it up with the stream.
@NullMarked
package dev.weir.broker.retained;

import org.jspecify.annotations.NullMarked;
