@NullMarked
package dev.weir.edge.source.host;

import org.jspecify.annotations.NullMarked;
