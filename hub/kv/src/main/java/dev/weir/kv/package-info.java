/// Key/value buckets that keep every acknowledged write: the store on a log of its own, and its
/// service over wire.
@NullMarked
package dev.weir.kv;

import org.jspecify.annotations.NullMarked;
