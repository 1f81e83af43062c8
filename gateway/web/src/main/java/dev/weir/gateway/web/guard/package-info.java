/// The web's doors asked who comes: logins by hub/auth.
@NullMarked
package dev.weir.gateway.web.guard;

import org.jspecify.annotations.NullMarked;
