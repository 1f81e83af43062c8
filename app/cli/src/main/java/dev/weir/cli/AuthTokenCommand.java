package dev.weir.cli;

import dev.weir.auth.ApiKey;
import dev.weir.auth.AuthBook;
import dev.weir.auth.Identity;
import dev.weir.base.Clock;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `weir auth token`.
@Command(
    name = "token",
    description = "Make, list and take back API keys.",
    subcommands = {
      AuthTokenCommand.Create.class,
      AuthTokenCommand.Ls.class,
      AuthTokenCommand.Revoke.class
    })
final class AuthTokenCommand extends CommandGroup {
  AuthTokenCommand(Terminal terminal) {
    super(terminal);
  }

  private static String end(ApiKey key) {
    return key.expiryMicros() == Identity.NEVER ? "never" : Times.iso(key.expiryMicros());
  }

  /// Shows a key, once.
  static void show(Terminal terminal, CommonOptions common, ApiKey.Fresh fresh) {
    if (common.isJson) {
      terminal
          .out()
          .println(
              new JsonLine()
                  .put("id", fresh.key().id())
                  .put("user", fresh.key().user())
                  .put("token", fresh.text())
                  .put("expires", end(fresh.key()))
                  .line());
    } else {
      terminal.out().println(fresh.text());
    }
  }

  /// `weir auth token create`.
  @Command(
      name = "create",
      description = "Make a key and print it: it is shown this once and kept nowhere.",
      footerHeading = "%nExamples:%n",
      footer = {
        "  weir auth token create anna --ttl 90d --note laptop > token",
        "  curl -H \"Authorization: Bearer $(cat token)\" http://127.0.0.1:4750/metrics"
      })
  static final class Create implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin CommonOptions common = new CommonOptions();
    @Mixin AuthOptions auth = new AuthOptions();

    @Parameters(paramLabel = "USER", description = "Whom it proves.")
    String user = "";

    @Option(
        names = "--ttl",
        paramLabel = "DURATION",
        description = "How long it is good, such as 90d; 0s for ever (0s).",
        converter = DurationConverter.class)
    Duration ttl = Duration.ZERO;

    @Option(names = "--note", paramLabel = "TEXT", description = "What it is for.")
    String note = "";

    Create(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
      if (!auth.book().users().containsKey(user)) {
        return AuthCommand.missing(terminal, "user '" + user + "'");
      }
      long now = Clock.SYSTEM.epochMicros();
      long expiry = ttl.isZero() ? Identity.NEVER : now + ttl.toMillis() * 1_000;
      ApiKey.Fresh fresh = ApiKey.draw(user, note, now, expiry, new SecureRandom());
      auth.file().change(book -> book.with(fresh.key()));
      show(terminal, common, fresh);
      return ExitCode.OK.number();
    }
  }

  /// `weir auth token ls`.
  @Command(name = "ls", aliases = "list", description = "List the keys, of one user or of all.")
  static final class Ls implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin CommonOptions common = new CommonOptions();
    @Mixin AuthOptions auth = new AuthOptions();

    @Parameters(paramLabel = "USER", arity = "0..1", description = "Whose.")
    String user = "";

    Ls(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
      AuthBook book = auth.book();
      if (!common.isJson && !common.isQuiet) {
        terminal
            .out()
            .printf("%-8s  %-24s  %-8s  %-27s  %s%n", "ID", "USER", "STATE", "EXPIRES", "NOTE");
      }
      book.keys().values().stream()
          .filter(key -> user.isEmpty() || key.user().equals(user))
          .forEach(this::print);
      return ExitCode.OK.number();
    }

    private void print(ApiKey key) {
      boolean isOver = Clock.SYSTEM.epochMicros() >= key.expiryMicros();
      String state = key.isRevoked() ? "revoked" : isOver ? "expired" : "valid";
      if (common.isJson) {
        terminal
            .out()
            .println(
                new JsonLine()
                    .put("id", key.id())
                    .put("user", key.user())
                    .put("state", state)
                    .put("created", Times.iso(key.createdMicros()))
                    .put("expires", end(key))
                    .put("note", key.note())
                    .line());
      } else {
        terminal
            .out()
            .printf(
                "%-8s  %-24s  %-8s  %-27s  %s%n",
                key.id(), key.user(), state, end(key), key.note());
      }
    }
  }

  /// `weir auth token revoke`.
  @Command(
      name = "revoke",
      description = "Take a key back; connections that used it are cut within a second.")
  static final class Revoke implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin CommonOptions common = new CommonOptions();
    @Mixin AuthOptions auth = new AuthOptions();

    @Parameters(paramLabel = "ID", description = "As `weir auth token ls` shows it.")
    String id = "";

    @Option(names = "--jwt", description = "ID is the id (jti) of a JWT.")
    boolean isJwt;

    Revoke(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
      if (isJwt) {
        auth.file().change(book -> book.withRevokedToken(id));
      } else if (auth.book().keys().containsKey(id)) {
        auth.file()
            .change(book -> {
              ApiKey key = book.keys().get(id);
              return key == null ? book : book.with(key.revoked());
            });
      } else {
        return AuthCommand.missing(terminal, "key '" + id + "'");
      }
      return AuthCommand.done(
          terminal, common, new JsonLine().put("id", id), id + " was taken back.");
    }
  }
}
