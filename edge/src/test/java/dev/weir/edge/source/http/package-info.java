@NullMarked
package dev.weir.edge.source.http;

import org.jspecify.annotations.NullMarked;
