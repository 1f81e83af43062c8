/// The acked stream: numbered batches from one sender to one core over gRPC, sent again after any
/// fault and stored once.
@NullMarked
package dev.weir.link;

import org.jspecify.annotations.NullMarked;
