@NullMarked
package dev.weir.edge.source.socket;

import org.jspecify.annotations.NullMarked;
