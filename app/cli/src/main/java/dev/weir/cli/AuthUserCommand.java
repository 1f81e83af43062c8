package dev.weir.cli;

import dev.weir.auth.AuthBook;
import dev.weir.auth.PasswordHash;
import dev.weir.auth.User;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `weir auth user`.
@Command(
    name = "user",
    description = "Add, list and remove users, change their passwords.",
    subcommands = {
      AuthUserCommand.Add.class,
      AuthUserCommand.Ls.class,
      AuthUserCommand.Rm.class,
      AuthUserCommand.Passwd.class
    })
final class AuthUserCommand extends CommandGroup {
  AuthUserCommand(Terminal terminal) {
    super(terminal);
  }

  private static PasswordHash password(Terminal terminal) throws IOException {
    String text = SecretInput.read(terminal, "password");
    return AuthCommand.checked(() -> PasswordHash.of(text, new SecureRandom()));
  }

  /// `weir auth user add`.
  @Command(
      name = "add",
      description =
          "Add a user; its password is asked for, or read from the first line of standard input.")
  static final class Add implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin CommonOptions common = new CommonOptions();
    @Mixin AuthOptions auth = new AuthOptions();

    @Parameters(paramLabel = "NAME", description = "1 to 64 letters, digits or . _ @ -.")
    String name = "";

    @Option(names = "--role", paramLabel = "ROLE", description = "A role; several as well.")
    List<String> roles = List.of();

    @Option(
        names = "--certificate",
        paramLabel = "NAME",
        description = "A common or alternative name of a client certificate that proves it.")
    List<String> certificates = List.of();

    @Option(names = "--no-password", description = "It shows keys or certificates only.")
    boolean isWithoutPassword;

    Add(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
      User fresh =
          AuthCommand.checked(() -> User.of(name).withRoles(roles).withCertificates(certificates));
      if (auth.book().users().containsKey(name)) {
        terminal.say("weir: The user '" + name + "' exists already. Nothing was changed.");
        return ExitCode.CONFLICT.number();
      }
      User user = isWithoutPassword ? fresh : fresh.withPassword(password(terminal));
      auth.file().change(book -> AuthCommand.checked(() -> book.with(user)));
      return AuthCommand.done(
          terminal,
          common,
          new JsonLine().put("user", name),
          "User '" + name + "' was added; `weir auth acl add` says what it may do.");
    }
  }

  /// `weir auth user ls`.
  @Command(name = "ls", aliases = "list", description = "List the users.")
  static final class Ls implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin CommonOptions common = new CommonOptions();
    @Mixin AuthOptions auth = new AuthOptions();

    Ls(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
      AuthBook book = auth.book();
      if (!common.isJson && !common.isQuiet) {
        terminal
            .out()
            .printf("%-24s  %-8s  %5s  %5s  %s%n", "USER", "STATE", "KEYS", "RULES", "ROLES");
      }
      book.users().values().forEach(user -> print(book, user));
      return ExitCode.OK.number();
    }

    private void print(AuthBook book, User user) {
      long keys =
          book.keys().values().stream()
              .filter(key -> key.user().equals(user.name()) && !key.isRevoked())
              .count();
      String roles = String.join(",", user.roles());
      if (common.isJson) {
        terminal
            .out()
            .println(
                new JsonLine()
                    .put("user", user.name())
                    .put("disabled", user.isDisabled())
                    .put("password", user.password().isPresent())
                    .put("keys", keys)
                    .put("rules", user.rules().size())
                    .put("roles", roles)
                    .line());
      } else {
        terminal
            .out()
            .printf(
                "%-24s  %-8s  %5d  %5d  %s%n",
                user.name(),
                user.isDisabled() ? "disabled" : "enabled",
                keys,
                user.rules().size(),
                roles);
      }
    }
  }

  /// `weir auth user rm`.
  @Command(
      name = "rm",
      aliases = {"remove", "delete"},
      description = "Remove a user and its keys; its connections are cut. Exit 3 without one.")
  static final class Rm implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin CommonOptions common = new CommonOptions();
    @Mixin AuthOptions auth = new AuthOptions();

    @Parameters(paramLabel = "NAME", description = "Whom.")
    String name = "";

    Rm(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
      if (!auth.book().users().containsKey(name)) {
        return AuthCommand.missing(terminal, "user '" + name + "'");
      }
      auth.file().change(book -> book.withoutUser(name));
      return AuthCommand.done(
          terminal,
          common,
          new JsonLine().put("user", name),
          "User '" + name + "' and its keys were removed.");
    }
  }

  /// `weir auth user passwd`.
  @Command(
      name = "passwd",
      description =
          "Change a password: asked for, or the first line of standard input. Connections that"
              + " used the older one are cut.")
  static final class Passwd implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin CommonOptions common = new CommonOptions();
    @Mixin AuthOptions auth = new AuthOptions();

    @Parameters(paramLabel = "NAME", description = "Whose.")
    String name = "";

    Passwd(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
      if (!auth.book().users().containsKey(name)) {
        return AuthCommand.missing(terminal, "user '" + name + "'");
      }
      PasswordHash hash = password(terminal);
      auth.file()
          .change(book -> {
            User user = book.users().get(name);
            return user == null ? book : book.with(user.withPassword(hash));
          });
      return AuthCommand.done(
          terminal,
          common,
          new JsonLine().put("user", name),
          "The password of '" + name + "' was changed.");
    }
  }
}
