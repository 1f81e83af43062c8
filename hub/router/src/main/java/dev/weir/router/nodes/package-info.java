/// What routers and storage nodes tell each other, beside the calls that pass between them: which
/// map the router goes by, and how the storage node fares.
@NullMarked
package dev.weir.router.nodes;

import org.jspecify.annotations.NullMarked;
