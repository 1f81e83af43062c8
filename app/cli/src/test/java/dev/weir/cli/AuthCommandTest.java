package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.ApiKey;
import dev.weir.auth.AuthBook;
import dev.weir.auth.User;
import dev.weir.node.auth.AuthFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AuthCommandTest {
  @TempDir Path directory;

  private Path file;
  private CapturedTerminal last = new CapturedTerminal();

  @BeforeEach
  void begin() {
    file = directory.resolve("auth.yaml");
    assertThat(weir("", "init")).isZero();
  }

  private int weir(String input, String... words) {
    List<String> line = new ArrayList<>(List.of("auth"));
    line.addAll(List.of(words));
    line.addAll(List.of("--file", file.toString()));
    last = new CapturedTerminal(input.getBytes(StandardCharsets.UTF_8));
    return last.run(line.toArray(String[]::new));
  }

  private AuthBook book() throws IOException {
    return new AuthFile(file).load();
  }

  @Test
  void beginsAFileWithAKeyThatIsShownOnce() throws IOException {
    String key = last.out().strip();

    assertThat(key).matches("weir_[0-9a-f]{8}_[A-Za-z0-9_-]{43}");
    assertThat(Files.readString(file)).doesNotContain(key.substring(14));
    assertThat(weir("", "init")).isEqualTo(ExitCode.CONFLICT.number());
    assertThat(weir("", "check", "admin", "publish", "a/b")).isZero();
    assertThat(weir("", "check", "admin", "subscribe", "#")).isZero();
  }

  @Test
  void takesPasswordsFromStandardInputOnly() throws IOException {
    assertThat(weir("hunter2\n", "user", "add", "anna")).isZero();
    assertThat(last.out() + last.err()).doesNotContain("hunter2");
    assertThat(Files.readString(file)).contains("$argon2id$").doesNotContain("hunter2");
    assertThat(weir("x\n", "user", "add", "anna")).isEqualTo(ExitCode.CONFLICT.number());
    assertThat(weir("", "user", "add", "bert")).isEqualTo(ExitCode.USAGE.number());
    assertThat(weir("", "user", "add", "bert", "hunter2")).isEqualTo(ExitCode.USAGE.number());
    assertThat(weir("", "user", "add", "a/b", "--no-password")).isEqualTo(ExitCode.USAGE.number());
    assertThat(weir("", "user", "add", "bert", "--no-password", "--role", "none"))
        .isEqualTo(ExitCode.USAGE.number());

    User before = book().users().get("anna");
    assertThat(weir("hunter3\n", "user", "passwd", "anna")).isZero();
    assertThat(book().users().get("anna")).isNotEqualTo(before);
    assertThat(weir("x\n", "user", "passwd", "nobody")).isEqualTo(ExitCode.NOT_FOUND.number());
    assertThat(weir("", "user", "rm", "anna")).isZero();
    assertThat(weir("", "user", "rm", "anna")).isEqualTo(ExitCode.NOT_FOUND.number());
  }

  @Test
  void explainsWhichRuleDecides() {
    assertThat(weir("", "user", "add", "anna", "--no-password")).isZero();
    assertThat(weir("", "acl", "add", "anna", "allow", "publish,subscribe", "topic", "a/#"))
        .isZero();
    assertThat(weir("", "acl", "add", "anna", "deny", "all", "topic", "a/secret")).isZero();
    assertThat(weir("", "acl", "add", "anna", "allow", "consume", "queue", "jobs")).isZero();

    assertThat(weir("", "check", "anna", "publish", "a/b")).isZero();
    assertThat(last.out())
        .isEqualTo("allowed: user anna, rule 1: allow publish,subscribe topic a/#\n");
    assertThat(weir("", "check", "anna", "publish", "a/secret"))
        .isEqualTo(ExitCode.CHECK_FAILED.number());
    assertThat(last.out()).contains("rule 2: deny");
    assertThat(weir("", "check", "anna", "subscribe", "a/#", "--json"))
        .isEqualTo(ExitCode.CHECK_FAILED.number());
    assertThat(last.out()).contains("\"allowed\":false").contains("a/secret");
    assertThat(weir("", "check", "anna", "consume", "jobs", "--queue")).isZero();
    assertThat(weir("", "check", "anna", "fly", "a")).isEqualTo(ExitCode.USAGE.number());
    assertThat(weir("", "check", "nobody", "publish", "a")).isEqualTo(ExitCode.NOT_FOUND.number());

    assertThat(weir("", "acl", "ls", "anna")).isZero();
    assertThat(last.out().lines()).hasSize(3);
    assertThat(weir("", "acl", "rm", "anna", "2")).isZero();
    assertThat(weir("", "check", "anna", "publish", "a/secret")).isZero();
    assertThat(weir("", "acl", "rm", "anna", "3")).isEqualTo(ExitCode.NOT_FOUND.number());
    assertThat(weir("", "acl", "add", "anna", "allow", "publish", "topic", "a/#/b"))
        .isEqualTo(ExitCode.USAGE.number());
    assertThat(weir("", "acl", "add", "anna", "allow", "publish"))
        .isEqualTo(ExitCode.USAGE.number());
  }

  @Test
  void makesRolesByTheirFirstRule() {
    assertThat(weir("", "acl", "add", "role:devices", "allow", "publish", "topic", "d/%u/#"))
        .isZero();
    assertThat(weir("", "user", "add", "d7", "--no-password", "--role", "devices")).isZero();
    assertThat(weir("", "check", "d7", "publish", "d/d7/x")).isZero();
    assertThat(weir("", "check", "d7", "publish", "d/d8/x"))
        .isEqualTo(ExitCode.CHECK_FAILED.number());
    assertThat(weir("", "check", "someone", "publish", "d/someone/x", "--role", "devices"))
        .isZero();
  }

  @Test
  void makesListsAndTakesBackKeys() throws IOException {
    assertThat(weir("", "user", "add", "anna", "--no-password")).isZero();
    assertThat(weir("", "token", "create", "anna", "--ttl", "90d", "--note", "laptop")).isZero();
    String id = last.out().substring(5, 13);

    assertThat(weir("", "token", "ls", "anna", "--json")).isZero();
    assertThat(last.out()).contains(id, "\"state\":\"valid\"", "laptop");
    assertThat(weir("", "token", "revoke", id)).isZero();
    assertThat(book().keys().values())
        .filteredOn(key -> key.id().equals(id))
        .allMatch(ApiKey::isRevoked)
        .hasSize(1);
    assertThat(weir("", "token", "ls", "anna")).isZero();
    assertThat(last.out()).contains("revoked");
    assertThat(weir("", "token", "revoke", "00000000")).isEqualTo(ExitCode.NOT_FOUND.number());
    assertThat(weir("", "token", "create", "nobody")).isEqualTo(ExitCode.NOT_FOUND.number());
    assertThat(weir("", "token", "revoke", "--jwt", "t-1")).isZero();
    assertThat(book().revokedTokens()).containsExactly("t-1");
    assertThat(weir("", "user", "ls")).isZero();
    assertThat(last.out()).contains("admin", "anna");
  }

  @Test
  void saysWhatIsWrongWithAFileEditedByHand() throws IOException {
    Files.writeString(file, "version: 1\nusers:\n  - pasword: x\n    name: anna\n");

    assertThat(weir("", "user", "ls")).isEqualTo(ExitCode.CONFIG.number());
    assertThat(last.err()).contains("auth.yaml:3").contains("pasword");
    assertThat(last.err()).doesNotContain("\tat ");
    Files.delete(file);
    assertThat(weir("", "user", "ls")).isEqualTo(ExitCode.NOT_FOUND.number());
  }
}
