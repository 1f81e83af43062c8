@NullMarked
package dev.weir.config.schema;

import org.jspecify.annotations.NullMarked;
