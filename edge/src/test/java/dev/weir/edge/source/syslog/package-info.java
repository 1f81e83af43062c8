@NullMarked
package dev.weir.edge.source.syslog;

import org.jspecify.annotations.NullMarked;
