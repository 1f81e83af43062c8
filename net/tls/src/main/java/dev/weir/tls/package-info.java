/// Keys and trust: one notion of key files for every module that speaks TLS.
@NullMarked
package dev.weir.tls;

import org.jspecify.annotations.NullMarked;
