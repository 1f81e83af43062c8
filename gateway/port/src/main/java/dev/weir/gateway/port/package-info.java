/// One listener for every protocol: it tells them apart by their first bytes.
@NullMarked
package dev.weir.gateway.port;

import org.jspecify.annotations.NullMarked;
