package dev.weir.cli;

import dev.weir.auth.AuthBook;
import dev.weir.auth.Role;
import dev.weir.auth.Rule;
import dev.weir.auth.User;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.node.auth.RuleText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `weir auth acl`.
@Command(
    name = "acl",
    description = "List, add and remove the rules of users and roles.",
    subcommands = {AuthAclCommand.Ls.class, AuthAclCommand.Add.class, AuthAclCommand.Rm.class})
final class AuthAclCommand extends CommandGroup {
  private static final String ROLE = "role:";

  AuthAclCommand(Terminal terminal) {
    super(terminal);
  }

  /// The rules of a user, or of `role:NAME`; none when there is no such.
  private static Optional<List<Rule>> rules(AuthBook book, String whose) {
    if (whose.startsWith(ROLE)) {
      return Optional.ofNullable(book.roles().get(whose.substring(ROLE.length()))).map(Role::rules);
    }
    return Optional.ofNullable(book.users().get(whose)).map(User::rules);
  }

  private static AuthBook with(AuthBook book, String whose, List<Rule> rules) {
    if (whose.startsWith(ROLE)) {
      return book.with(AuthCommand.checked(() -> new Role(whose.substring(ROLE.length()), rules)));
    }
    @Nullable User user = book.users().get(whose);
    return user == null ? book : book.with(user.withRules(rules));
  }

  /// `weir auth acl ls`.
  @Command(name = "ls", aliases = "list", description = "List rules with their numbers.")
  static final class Ls implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin CommonOptions common = new CommonOptions();
    @Mixin AuthOptions auth = new AuthOptions();

    @Parameters(paramLabel = "WHOSE", arity = "0..1", description = "A user, or role:NAME.")
    String whose = "";

    Ls(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
      AuthBook book = auth.book();
      List<String> all = new ArrayList<>(book.users().keySet());
      book.roles().keySet().forEach(name -> all.add(ROLE + name));
      if (!whose.isEmpty() && !all.contains(whose)) {
        return AuthCommand.missing(terminal, "user or role '" + whose + "'");
      }
      for (String name : whose.isEmpty() ? all : List.of(whose)) {
        List<Rule> rules = rules(book, name).orElse(List.of());
        for (int i = 0; i < rules.size(); i++) {
          print(name, i + 1, rules.get(i));
        }
      }
      return ExitCode.OK.number();
    }

    private void print(String name, int number, Rule rule) {
      terminal
          .out()
          .println(
              common.isJson
                  ? new JsonLine()
                      .put("whose", name)
                      .put("number", number)
                      .put("rule", rule.toString())
                      .line()
                  : String.format("%-24s  %3d  %s", name, number, rule));
    }
  }

  /// `weir auth acl add`.
  @Command(
      name = "add",
      description = "Add a rule. A denial wins over every allowance.",
      footerHeading = "%nExamples:%n",
      footer = {
        "  weir auth acl add anna allow publish,subscribe,history topic 'sensors/#'",
        "  weir auth acl add anna allow consume queue jobs",
        "  weir auth acl add anna allow subscribe,publish bucket settings   get and watch, put and del",
        "  weir auth acl add role:devices allow publish topic 'devices/%%u/#'   %%u: the user's name",
        "  weir auth acl add anna deny all topic 'sensors/secret/#'"
      })
  static final class Add implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin CommonOptions common = new CommonOptions();
    @Mixin AuthOptions auth = new AuthOptions();

    @Parameters(
        index = "0",
        paramLabel = "WHOSE",
        description = "A user, or role:NAME, which is made when there is none.")
    String whose = "";

    @Parameters(
        index = "1..*",
        arity = "4",
        paramLabel = "RULE",
        description = "allow|deny ACTIONS topic|queue|bucket PATTERN; ACTIONS with commas, or all.")
    List<String> words = List.of();

    Add(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
      Rule rule;
      try {
        rule = RuleText.parse(words);
      } catch (IllegalArgumentException e) {
        throw new WeirException(
            ErrorCode.USAGE,
            "The rule is '" + String.join(" ", words) + "', expected " + e.getMessage() + ".",
            e);
      }
      if (rules(auth.book(), whose).isEmpty() && !whose.startsWith(ROLE)) {
        return AuthCommand.missing(terminal, "user '" + whose + "'");
      }
      auth.file()
          .change(book -> {
            List<Rule> rules = new ArrayList<>(rules(book, whose).orElse(List.of()));
            rules.add(rule);
            return with(book, whose, rules);
          });
      return AuthCommand.done(
          terminal,
          common,
          new JsonLine().put("whose", whose).put("rule", rule.toString()),
          whose + ": " + rule);
    }
  }

  /// `weir auth acl rm`.
  @Command(
      name = "rm",
      aliases = {"remove", "delete"},
      description = "Remove a rule by its number; exit 3 when there is none.")
  static final class Rm implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin CommonOptions common = new CommonOptions();
    @Mixin AuthOptions auth = new AuthOptions();

    @Parameters(index = "0", paramLabel = "WHOSE", description = "A user, or role:NAME.")
    String whose = "";

    @Parameters(index = "1", paramLabel = "NUMBER", description = "As `weir auth acl ls` shows it.")
    int number;

    Rm(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
      List<Rule> rules = rules(auth.book(), whose).orElse(List.of());
      if (number < 1 || number > rules.size()) {
        return AuthCommand.missing(terminal, "rule " + number + " of '" + whose + "'");
      }
      Rule rule = rules.get(number - 1);
      auth.file()
          .change(book -> {
            List<Rule> left = new ArrayList<>(rules(book, whose).orElse(List.of()));
            left.remove(rule);
            return with(book, whose, left);
          });
      return AuthCommand.done(
          terminal,
          common,
          new JsonLine().put("whose", whose).put("rule", rule.toString()),
          "removed from " + whose + ": " + rule);
    }
  }
}
