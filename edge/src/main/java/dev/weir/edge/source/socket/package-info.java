/// What sources that listen share: connections within bounds, datagrams, TLS.
@NullMarked
package dev.weir.edge.source.socket;

import org.jspecify.annotations.NullMarked;
