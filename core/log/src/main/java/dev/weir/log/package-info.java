/// The segmented durable log: append with group commit, recovery, retention, index, readers. The
/// embedded engine keeps its streams in it, the edge its spool.
@NullMarked
package dev.weir.log;

import org.jspecify.annotations.NullMarked;
