/// Who may do what: identities and how they are proved, permissions, quotas, sessions, the audit.
@NullMarked
package dev.weir.auth;

import org.jspecify.annotations.NullMarked;
