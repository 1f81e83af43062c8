/// Who is there: the state, its journal, and who is told.
@NullMarked
package dev.weir.broker.presence;

import org.jspecify.annotations.NullMarked;
