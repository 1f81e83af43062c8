/// Syslog over RELP: each message is answered once it is durable.
@NullMarked
package dev.weir.edge.source.relp;

import org.jspecify.annotations.NullMarked;
