@NullMarked
package dev.weir.broker.request;

import org.jspecify.annotations.NullMarked;
