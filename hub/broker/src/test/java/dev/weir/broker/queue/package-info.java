@NullMarked
package dev.weir.broker.queue;

import org.jspecify.annotations.NullMarked;
