/// The Java client: publish and subscribe.
@NullMarked
package dev.weir.client;

import org.jspecify.annotations.NullMarked;
