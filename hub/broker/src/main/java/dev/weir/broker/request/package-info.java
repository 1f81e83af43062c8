/// Requests and replies in memory: who answers what, and what is waited for.
@NullMarked
package dev.weir.broker.request;

import org.jspecify.annotations.NullMarked;
