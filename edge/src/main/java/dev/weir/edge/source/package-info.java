/// Where messages arise: standard input, files, HTTP.
@NullMarked
package dev.weir.edge.source;

import org.jspecify.annotations.NullMarked;
