@NullMarked
package dev.weir.link;

import org.jspecify.annotations.NullMarked;
