/// Checking protobuf messages as they stand, without making objects of them.
@NullMarked
package dev.weir.edge.source.protobuf;

import org.jspecify.annotations.NullMarked;
