@NullMarked
package dev.weir.edge.source.otlp;

import org.jspecify.annotations.NullMarked;
