package dev.weir.cli;

import dev.weir.base.Clock;
import dev.weir.dev.SelfTest;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `weir selftest`.
@Command(
    name = "selftest",
    description = "Try this machine: start a core in a temporary folder, publish, read back.")
final class SelftestCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin CommonOptions common = new CommonOptions();

  SelftestCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    SelfTest.Result result = new SelfTest(Version.number(), Clock.SYSTEM).run();
    if (!common.isQuiet) {
      terminal.say(
          (result.isGood() ? "good: " : "NOT good: ")
              + result.received()
              + " of "
              + result.published()
              + " messages came back in order, in "
              + result.millis()
              + " ms");
    }
    return result.isGood() ? ExitCode.OK.number() : ExitCode.CHECK_FAILED.number();
  }
}
