/// Passes calls and streams from clients to storage nodes by the hash of a key, frame by frame.
@NullMarked
package dev.weir.router;

import org.jspecify.annotations.NullMarked;
