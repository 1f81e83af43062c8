/// What is wrong with a configuration, where, and how to put it right.
@NullMarked
package dev.weir.config.mistake;

import org.jspecify.annotations.NullMarked;
