/// Why a message was or was not delivered: what is asked, and what is answered.
@NullMarked
package dev.weir.broker.explain;

import org.jspecify.annotations.NullMarked;
