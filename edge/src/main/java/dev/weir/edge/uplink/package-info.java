/// The link from the spool to a core.
@NullMarked
package dev.weir.edge.uplink;

import org.jspecify.annotations.NullMarked;
