@NullMarked
package dev.weir.broker.embedded;

import org.jspecify.annotations.NullMarked;
