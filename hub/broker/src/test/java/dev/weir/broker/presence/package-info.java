@NullMarked
package dev.weir.broker.presence;

import org.jspecify.annotations.NullMarked;
