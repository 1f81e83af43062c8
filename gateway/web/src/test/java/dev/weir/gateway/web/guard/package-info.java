@NullMarked
package dev.weir.gateway.web.guard;

import org.jspecify.annotations.NullMarked;
