/// The two seams of the core: [dev.weir.broker.Broker], which everything in front programs against,
/// and [dev.weir.broker.Engine], behind which data is kept; between them
/// [dev.weir.broker.LocalBroker].
@NullMarked
package dev.weir.broker;

import org.jspecify.annotations.NullMarked;
