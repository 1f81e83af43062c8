@NullMarked
package dev.weir.rpc;

import org.jspecify.annotations.NullMarked;
