@NullMarked
package dev.weir.kv;

import org.jspecify.annotations.NullMarked;
