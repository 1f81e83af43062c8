/// The vocabulary in which the sections are declared, and what reads a tree by such a declaration.
@NullMarked
package dev.weir.config.schema;

import org.jspecify.annotations.NullMarked;
