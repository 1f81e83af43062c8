@NullMarked
package dev.weir.node;

import org.jspecify.annotations.NullMarked;
