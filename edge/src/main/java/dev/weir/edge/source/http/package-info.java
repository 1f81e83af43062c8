/// Sources that listen for HTTP, and what they share: a bounded listener, bodies, answers.
@NullMarked
package dev.weir.edge.source.http;

import org.jspecify.annotations.NullMarked;
