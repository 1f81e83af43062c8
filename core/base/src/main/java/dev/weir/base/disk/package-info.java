/// The seam between Weir and a file system: everything that is kept goes through it, so that a
/// simulated disk can stand in for the real one.
@NullMarked
package dev.weir.base.disk;

import org.jspecify.annotations.NullMarked;
