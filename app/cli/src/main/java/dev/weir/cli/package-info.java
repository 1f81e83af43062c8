/// The `weir` command: parsing, wiring and printing only.
@NullMarked
package dev.weir.cli;

import org.jspecify.annotations.NullMarked;
