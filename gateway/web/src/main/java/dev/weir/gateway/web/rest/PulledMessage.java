package dev.weir.gateway.web.rest;

import dev.weir.broker.QueuedMessage;

/// A message that was handed to a pull.
///
/// @param lease what it is settled by
record PulledMessage(String lease, QueuedMessage message) {}
