/// JSON web tokens: whose they are, and whether they are to be believed.
@NullMarked
package dev.weir.auth.jwt;

import org.jspecify.annotations.NullMarked;
