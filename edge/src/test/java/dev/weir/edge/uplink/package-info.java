@NullMarked
package dev.weir.edge.uplink;

import org.jspecify.annotations.NullMarked;
