@NullMarked
package dev.weir.broker;

import org.jspecify.annotations.NullMarked;
