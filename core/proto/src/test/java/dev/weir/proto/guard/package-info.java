/// Keeps the schemas compatible: compares them with a record and with size budgets.
@NullMarked
package dev.weir.proto.guard;

import org.jspecify.annotations.NullMarked;
