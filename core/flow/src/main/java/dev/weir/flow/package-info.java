/// The pure state machines of a link and the arithmetic beside them: no I/O, no threads, no clock.
/// Each machine is a table in code; the owner performs what a cell says and reports where it
/// landed. See docs/internals/state-machines.md, which is printed from these tables.
@NullMarked
package dev.weir.flow;

import org.jspecify.annotations.NullMarked;
