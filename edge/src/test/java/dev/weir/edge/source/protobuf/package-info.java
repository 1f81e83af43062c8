@NullMarked
package dev.weir.edge.source.protobuf;

import org.jspecify.annotations.NullMarked;
