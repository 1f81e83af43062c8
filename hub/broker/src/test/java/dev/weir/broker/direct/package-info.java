@NullMarked
package dev.weir.broker.direct;

import org.jspecify.annotations.NullMarked;
