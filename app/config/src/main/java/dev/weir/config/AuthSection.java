package dev.weir.config;

import dev.weir.base.ByteSize;
import dev.weir.config.schema.Key;
import dev.weir.config.schema.Shape.Section;
import dev.weir.config.schema.Values;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The keys of `auth`.
final class AuthSection {
  private static final Key<Optional<Path>> FILE =
      Key.of("file", WireSection.optionalFile())
          .defaults(Values.NONE)
          .about("Users, keys and permissions, see `weir auth`; without it everybody is let in.");
  private static final Key<Optional<Path>> AUDIT =
      Key.of("audit", WireSection.optionalFile())
          .defaults(Values.NONE)
          .about("File of JSON lines that logins and refusals are written to.");
  private static final Key<ByteSize> AUDIT_BYTES =
      Key.of("auditBytes", Values.size("64KiB", "1GiB"))
          .defaults("16MiB")
          .about("How large a file of the audit gets before the next one begins.");
  private static final Key<Integer> AUDIT_FILES =
      Key.of("auditFiles", Values.integer("", 0, 1_000))
          .defaults("8")
          .about("How many full files of the audit are kept.");

  static final Section<AuthConfig> SECTION =
      new Section<>(
          "Who is let in, and what is written down of it.",
          List.of(FILE, AUDIT, AUDIT_BYTES, AUDIT_FILES),
          bound ->
              new AuthConfig(
                  bound.get(FILE),
                  bound.get(AUDIT),
                  bound.get(AUDIT_BYTES),
                  bound.get(AUDIT_FILES)));

  private AuthSection() {}
}
