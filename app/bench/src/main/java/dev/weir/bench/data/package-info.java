/// Data made from a seed, like what edges carry: metrics as rows, labelled points, log lines.
@NullMarked
package dev.weir.bench.data;

import org.jspecify.annotations.NullMarked;
