@NullMarked
package dev.weir.router.nodes;

import org.jspecify.annotations.NullMarked;
