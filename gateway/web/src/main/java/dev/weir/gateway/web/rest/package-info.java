/// Requests and their answers: topics, history, queues.
@NullMarked
package dev.weir.gateway.web.rest;

import org.jspecify.annotations.NullMarked;
