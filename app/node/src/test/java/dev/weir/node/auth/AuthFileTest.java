package dev.weir.node.auth;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.auth.Action;
import dev.weir.auth.ApiKey;
import dev.weir.auth.AuthBook;
import dev.weir.auth.Identity;
import dev.weir.auth.JwtIssuer;
import dev.weir.auth.PasswordHash;
import dev.weir.auth.Quota;
import dev.weir.auth.Role;
import dev.weir.auth.Rule;
import dev.weir.auth.User;
import dev.weir.config.mistake.Mistake;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AuthFileTest {
  private static final SplittableRandom RANDOM = new SplittableRandom(5);

  @TempDir Path directory;

  private AuthFile file() {
    return new AuthFile(directory.resolve("auth.yaml"));
  }

  private List<Mistake> mistakes(String text) throws IOException {
    Path path = directory.resolve("auth.yaml");
    Files.writeString(path, text);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    return file().read() instanceof AuthFile.Result.Refused(var mistakes) ? mistakes : List.of();
  }

  private static AuthBook full() {
    Rule rule = Rule.allow(Set.of(Action.PUBLISH, Action.HISTORY), "users/%u/#");
    Rule wide = Rule.deny(EnumSet.allOf(Action.class), "#");
    Rule queue = Rule.allow(Set.of(Action.CONSUME), Rule.queuePattern("+"));
    User anna =
        User.of("anna")
            .withPassword(PasswordHash.of("hunter2", RANDOM))
            .withRoles(List.of("ops"))
            .withRules(List.of(rule, wide, queue))
            .withCertificates(List.of("edge-7.example", "it's"))
            .withQuota(new Quota(1, 0, 3, 4, 5_000, 6_000))
            .withDisabled(true);
    ApiKey key = ApiKey.draw("anna", "it's: a note", 1_000_000, Identity.NEVER, RANDOM).key();
    ApiKey old = ApiKey.draw("anna", "", 0, 1_767_225_600_123_456L, RANDOM).key().revoked();
    JwtIssuer url =
        new JwtIssuer(
            "https://login.example",
            "weir",
            Set.of("RS256", "EdDSA"),
            new JwtIssuer.Keys.Url(URI.create("https://login.example/jwks.json")),
            Duration.ofSeconds(10),
            "email",
            Optional.of("groups"),
            List.of("ops"));
    JwtIssuer secret =
        new JwtIssuer(
            "here",
            "weir",
            Set.of("HS256"),
            new JwtIssuer.Keys.Secret(Path.of("/etc/weir/secret")),
            Duration.ZERO,
            "sub",
            Optional.empty(),
            List.of());
    return AuthBook.EMPTY
        .with(new Role("ops", List.of(rule)))
        .with(anna)
        .with(key)
        .with(old)
        .with(url)
        .with(secret)
        .withRevokedToken("${env:HOME} 'x'")
        .withQuota(new Quota(Quota.NO_LIMIT, 7, Quota.NO_LIMIT, 8, Quota.NO_LIMIT, 9_999));
  }

  @Test
  void readsBackWhatItWrote() throws IOException {
    AuthBook book = full();

    file().create(book);

    assertThat(file().load()).isEqualTo(book);
    assertThat(Files.readString(file().path())).doesNotContain("hunter2");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file().path())))
        .isEqualTo("rw-------");
    assertThatThrownBy(() -> file().create(book)).isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void changesTheFileAsAWholeAndKeepsItsMode() throws IOException {
    file().create(full());

    AuthBook changed = file().change(book -> book.with(User.of("bert")));

    assertThat(file().load()).isEqualTo(changed);
    assertThat(changed.users()).containsKeys("anna", "bert");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file().path())))
        .isEqualTo("rw-------");
    assertThatThrownBy(() ->
            file()
                .change(_ -> {
                  throw new IllegalStateException("no");
                }))
        .hasMessage("no");
    assertThat(file().load()).isEqualTo(changed);
  }

  @Test
  void namesEveryMistakeWithItsLine() throws IOException {
    List<Mistake> found =
        mistakes(
            """
            version: 1
            users:
              - name: an/na
              - name: bert
                password: hunter2
                rules:
                  - allow publish topic a/#
                  - allow fly topic a/#
                  - allow publish topic #
                  - allow publish topic 'a/#/b'
                colour: red
            """);

    assertThat(found).extracting(mistake -> mistake.span().line()).contains(3, 5, 8, 9, 11);
    assertThat(found.toString()).doesNotContain("hunter2");
    assertThat(found).anyMatch(mistake -> mistake.message().contains("publish,subscribe"));
    assertThat(found).anyMatch(mistake -> mistake.message().contains("quote a rule"));
  }

  @Test
  void refusesPartsThatContradictEachOther() throws IOException {
    assertThat(mistakes("version: 1\nusers:\n  - name: anna\n    roles: [none]\n"))
        .anyMatch(mistake -> mistake.message().contains("'none', which there is not"));
    assertThat(mistakes("version: 1\nusers:\n  - name: anna\n  - name: anna\n"))
        .anyMatch(mistake -> mistake.message().contains("two of the user 'anna'"));
    assertThat(
            mistakes(
                "version: 1\nissuers:\n  - issuer: x\n    algorithms: [HS256]\n    keys: file:/x\n"))
        .isNotEmpty();
    assertThat(
            mistakes(
                "version: 1\nissuers:\n  - issuer: x\n    algorithms: [none]\n    keys: file:/x\n"))
        .isNotEmpty();
  }

  @Test
  void refusesAFileThatOthersMayRead() throws IOException {
    file().create(AuthBook.EMPTY);
    Files.setPosixFilePermissions(file().path(), PosixFilePermissions.fromString("rw-r-----"));

    assertThatThrownBy(() -> file().load()).hasMessageContaining("chmod 600");
    assertThatThrownBy(() -> new AuthFile(directory.resolve("none")).load())
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void handsOnChangesAndKeepsWhatWasGood() throws IOException {
    file().create(AuthBook.EMPTY);
    List<AuthBook> seen = new CopyOnWriteArrayList<>();
    try (AuthWatch watch = new AuthWatch(file(), seen::add)) {
      assertThat(watch).isNotNull();
      file().change(book -> book.with(User.of("anna")));
      eventually("the change is seen", () -> seen.size() == 1);

      Files.writeString(file().path(), ""); // As an editor leaves it for a moment.
      Files.writeString(file().path(), "users: nonsense");
      Files.delete(file().path());
      AuthBook next = full();
      file().create(next);
      eventually("the next good one is seen", () -> seen.contains(next));
    }
    assertThat(seen).allMatch(book -> book.users().containsKey("anna"));
  }

  @Test
  void takesAnEmptyFileForUnfinished() throws IOException {
    assertThat(mistakes("")).anyMatch(mistake -> mistake.message().contains("version"));
    assertThat(mistakes("version: 2")).isNotEmpty();
    assertThat(mistakes("version: 1")).isEmpty();
  }
}
