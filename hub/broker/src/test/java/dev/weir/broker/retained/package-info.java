@NullMarked
package dev.weir.broker.retained;

import org.jspecify.annotations.NullMarked;
