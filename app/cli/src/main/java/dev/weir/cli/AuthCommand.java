package dev.weir.cli;

import dev.weir.auth.Action;
import dev.weir.auth.ApiKey;
import dev.weir.auth.AuthBook;
import dev.weir.auth.Decision;
import dev.weir.auth.Identity;
import dev.weir.auth.Permissions;
import dev.weir.auth.Role;
import dev.weir.auth.Rule;
import dev.weir.auth.User;
import dev.weir.auth.guard.AuthorizedBroker;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.message.TopicFilter;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `weir auth`.
@Command(
    name = "auth",
    description = "Say who may do what: users, keys and permissions in auth.yaml.",
    subcommands = {
      AuthCommand.Init.class,
      AuthUserCommand.class,
      AuthTokenCommand.class,
      AuthAclCommand.class,
      AuthCommand.Check.class
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir auth init                                     begin auth.yaml, print a first key",
      "  weir auth user add anna                            ask for a password",
      "  weir auth acl add anna allow publish topic 'a/#'",
      "  weir auth token create anna --ttl 90d",
      "  weir auth check anna publish a/b                   which rule decides"
    })
final class AuthCommand extends CommandGroup {
  AuthCommand(Terminal terminal) {
    super(terminal);
  }

  /// Tells that something is not there.
  static int missing(Terminal terminal, String what) {
    terminal.say("weir: There is no " + what + ".");
    return ExitCode.NOT_FOUND.number();
  }

  /// Tells a person what was done.
  static int done(Terminal terminal, CommonOptions common, JsonLine json, String text) {
    if (common.isJson) {
      terminal.out().println(json.line());
    } else if (!common.isQuiet) {
      terminal.say(text);
    }
    return ExitCode.OK.number();
  }

  /// A value that a class of the domain refuses, as a mistake of the command line.
  static <T> T checked(Supplier<T> value) {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      throw new WeirException(ErrorCode.USAGE, e.getMessage() + ".", e);
    }
  }

  /// `weir auth init`.
  @Command(
      name = "init",
      description = "Begin a file with one user who may do everything, and print its key.")
  static final class Init implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin CommonOptions common = new CommonOptions();
    @Mixin AuthOptions auth = new AuthOptions();

    @Option(names = "--user", paramLabel = "NAME", description = "What it is called (admin).")
    String name = "admin";

    Init(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
      Set<Action> all = EnumSet.allOf(Action.class);
      Role everything =
          new Role(
              "everything",
              List.of(
                  Rule.allow(all, "#"),
                  Rule.allow(all, Rule.queuePattern("#")),
                  Rule.allow(EnumSet.of(Action.MANAGE), AuthorizedBroker.STATS)));
      User user = checked(() -> User.of(name).withRoles(List.of("everything")));
      ApiKey.Fresh key =
          ApiKey.draw(name, "init", Clock.SYSTEM.epochMicros(), Identity.NEVER, new SecureRandom());
      try {
        auth.file().create(AuthBook.EMPTY.with(everything).with(user).with(key.key()));
      } catch (FileAlreadyExistsException _) {
        terminal.say("weir: " + auth.path + " exists already. Nothing was changed.");
        return ExitCode.CONFLICT.number();
      }
      AuthTokenCommand.show(terminal, common, key);
      if (!common.isQuiet) {
        terminal.say(
            auth.path
                + " begins with the user '"
                + name
                + "', whose key is shown above and never again. Start `weir serve` with auth.file"
                + " set to it.");
      }
      return ExitCode.OK.number();
    }
  }

  /// `weir auth check`.
  @Command(
      name = "check",
      description = "Say whether a user may do something and which rule decides; exit 8 if not.",
      footerHeading = "%nExamples:%n",
      footer = {
        "  weir auth check anna publish sensors/1/temperature",
        "  weir auth check anna subscribe 'sensors/#'",
        "  weir auth check anna consume --queue jobs"
      })
  static final class Check implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin CommonOptions common = new CommonOptions();
    @Mixin AuthOptions auth = new AuthOptions();

    @Parameters(index = "0", paramLabel = "USER", description = "Whose permissions.")
    String user = "";

    @Parameters(
        index = "1",
        paramLabel = "ACTION",
        description = "publish, subscribe, consume, history, presence or manage.")
    String action = "";

    @Parameters(index = "2", paramLabel = "TOPIC", description = "A topic or filter, or a queue.")
    String topic = "";

    @Option(names = "--queue", description = "TOPIC is the name of a queue.")
    boolean isQueue;

    @Option(
        names = "--role",
        paramLabel = "ROLE",
        description = "A role that the user's token grants; several as well.")
    List<String> roles = List.of();

    Check(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
      AuthBook book = auth.book();
      if (!book.users().containsKey(user) && roles.isEmpty()) {
        return missing(terminal, "user '" + user + "'");
      }
      Action asked =
          Action.of(action)
              .orElseThrow(() ->
                  new WeirException(
                      ErrorCode.USAGE,
                      "The action is '" + action + "', expected one of " + Action.labels() + "."));
      String target = isQueue ? Rule.queuePattern(topic) : topic;
      Permissions permissions = book.permissions(user, roles);
      boolean isFilter = target.contains("+") || target.contains("#");
      TopicFilter filter = TopicFilter.parse(target);
      Decision decision =
          isFilter ? permissions.decide(asked, filter) : permissions.decide(asked, target);
      print(decision);
      return (decision.isAllowed() ? ExitCode.OK : ExitCode.CHECK_FAILED).number();
    }

    private void print(Decision decision) {
      if (common.isJson) {
        terminal
            .out()
            .println(
                new JsonLine()
                    .put("user", user)
                    .put("action", action)
                    .put("target", topic)
                    .put("allowed", decision.isAllowed())
                    .put("why", decision.reason())
                    .line());
      } else if (!common.isQuiet) {
        terminal
            .out()
            .println((decision.isAllowed() ? "allowed: " : "refused: ") + decision.reason());
      }
    }
  }
}
