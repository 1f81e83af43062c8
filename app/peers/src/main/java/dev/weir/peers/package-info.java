/// Other people's brokers, run by the bench in processes of their own.
@NullMarked
package dev.weir.peers;

import org.jspecify.annotations.NullMarked;
