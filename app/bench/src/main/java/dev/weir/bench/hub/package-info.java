/// `weir bench hub`: fan-out and work queues beside other hubs.
@NullMarked
package dev.weir.bench.hub;

import org.jspecify.annotations.NullMarked;
