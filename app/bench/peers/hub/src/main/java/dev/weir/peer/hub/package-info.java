/// Rivals of `weir bench hub` behind its load, each through the client that its makers keep.
@NullMarked
package dev.weir.peer.hub;

import org.jspecify.annotations.NullMarked;
