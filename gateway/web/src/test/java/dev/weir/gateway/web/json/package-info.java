@NullMarked
package dev.weir.gateway.web.json;

import org.jspecify.annotations.NullMarked;
