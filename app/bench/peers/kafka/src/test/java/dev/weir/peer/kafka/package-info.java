@NullMarked
package dev.weir.peer.kafka;

import org.jspecify.annotations.NullMarked;
