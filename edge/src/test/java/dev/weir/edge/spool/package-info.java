@NullMarked
package dev.weir.edge.spool;

import org.jspecify.annotations.NullMarked;
