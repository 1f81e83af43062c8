/// What other programs print: commands, and the system's journal through journalctl.
@NullMarked
package dev.weir.edge.source.process;

import org.jspecify.annotations.NullMarked;
