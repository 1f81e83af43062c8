@NullMarked
package dev.weir.edge.source.relp;

import org.jspecify.annotations.NullMarked;
