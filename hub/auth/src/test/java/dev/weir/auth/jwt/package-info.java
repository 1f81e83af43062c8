@NullMarked
package dev.weir.auth.jwt;

import org.jspecify.annotations.NullMarked;
