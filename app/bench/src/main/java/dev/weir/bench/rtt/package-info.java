/// `weir bench rtt`: large requests over paths to order.
@NullMarked
package dev.weir.bench.rtt;

import org.jspecify.annotations.NullMarked;
