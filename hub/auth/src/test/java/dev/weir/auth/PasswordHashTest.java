package dev.weir.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PasswordHashTest {
  /// Of the reference implementation's tests (phc-winner-argon2, src/test.c, version 0x13,
  /// Argon2id).
  @Test
  void agreesWithTheReferenceImplementation() {
    PasswordHash hash =
        PasswordHash.parse(
            "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ"
                + "$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc");

    assertThat(hash.matches("password")).isTrue();
    assertThat(hash.matches("passwore")).isFalse();
  }

  @Test
  void knowsItsOwnPasswordAfterBeingWrittenDown() {
    PasswordHash hash = PasswordHash.of("Grüße 🎈", new SplittableRandom(1));
    PasswordHash read = PasswordHash.parse(hash.text());

    assertThat(read).isEqualTo(hash);
    assertThat(read.matches("Grüße 🎈")).isTrue();
    assertThat(read.matches("grüße 🎈")).isFalse();
    assertThat(read.matches("")).isFalse();
    assertThat(hash.toString()).doesNotContain("$");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "password",
        "$2b$10$abcdefghijklmnopqrstuv",
        "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=9999999,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=65536,t=999,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=7,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
      })
  void refusesOtherTextsAndThoseThatWouldCostTooMuch(String text) {
    assertThatThrownBy(() -> PasswordHash.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
