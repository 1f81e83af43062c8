/// Syslog over UDP, TCP and TLS.
@NullMarked
package dev.weir.edge.source.syslog;

import org.jspecify.annotations.NullMarked;
