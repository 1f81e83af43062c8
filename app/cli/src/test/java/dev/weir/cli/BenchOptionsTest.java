package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Values that only the bench itself can judge are refused as any other wrong option, before it
/// looks at the machine.
final class BenchOptionsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "append --runs 0",
        "backfill --rate 0",
        "compress --runs 0",
        "hub --rounds 0",
        "hub --case no-such-case",
        "ops --in-flight 0",
        "ops --way no-such-way",
        "publish --zstd 99",
        "remote --rounds 0",
        "rtt --rtt 5000",
        "rtt --size 1GiB",
        "ship --runs 0",
        "ship --profile no-such-path"
      })
  void refusesWhatNoBenchCanDo(String words) {
    CapturedTerminal terminal = new CapturedTerminal();
    List<String> command = List.of(("bench " + words).split(" ", -1));

    int exit = terminal.run(command.toArray(String[]::new));

    assertThat(exit).isEqualTo(ExitCode.USAGE.number());
    assertThat(terminal.err())
        .contains("Try 'weir bench " + command.get(1) + " --help'.")
        .doesNotContain("WEIR-9001", "load average");
  }
}
