/// A load on a message hub, and whether every message came: the same for Weir and its rivals.
@NullMarked
package dev.weir.load;

import org.jspecify.annotations.NullMarked;
