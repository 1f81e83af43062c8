/// Apache Kafka's own clients as pipes, for the ship bench.
@NullMarked
package dev.weir.peer.kafka;

import org.jspecify.annotations.NullMarked;
