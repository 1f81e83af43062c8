/// The one message model that every door shares, and the batch codec that spool, wire and log carry
/// unchanged.
@NullMarked
package dev.weir.message;

import org.jspecify.annotations.NullMarked;
