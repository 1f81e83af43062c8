@NullMarked
package dev.weir.remote;

import org.jspecify.annotations.NullMarked;
