package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Clock;
import dev.weir.node.CoreNode;
import dev.weir.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `weir top` and `weir tap` against a real core in this process.
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WatchingCommandsTest {
  private CoreNode core;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    core = CoreNode.start(TestCores.config(directory), "test", Clock.SYSTEM);
  }

  @AfterAll
  void stop() {
    core.close();
  }

  private Served.Ended run(int exit, String... words) {
    Served.Ended ended = Served.run("weir://" + core.address(), null, List.of(words), List.of());
    assertThat(ended.exit()).as(ended.err()).isEqualTo(exit);
    return ended;
  }

  @Test
  void topShowsTopicsAndQueues() {
    run(0, "queue", "create", "jobs");
    run(0, "pub", "--queue", "jobs", "hello");
    run(0, "pub", "top/a", "one");
    run(0, "pub", "top/b", "four");
    run(0, "pub", "top/b", "four");

    String table = run(0, "top", "--once", "--interval", "100ms", "--filter", "top/#").out();
    assertThat(table).contains("2 topics  1 queues", "top/a", "top/b", "jobs");
    assertThat(run(0, "top", "--once", "--json", "-n", "1", "--filter", "top/#").out())
        .contains("\"topic\":\"top/b\"", "\"messages\":2,\"bytes\":8", "\"queue\":\"jobs\"")
        .doesNotContain("top/a")
        .hasLineCount(2);
    assertThat(run(2, "top", "-n", "0").err()).contains("--rows is 0");
  }

  @Test
  void tapPrintsASampleAndCountsTheRest() {
    CapturedTerminal terminal = new CapturedTerminal();
    String[] words = {
      "tap", "tap/#", "--rate", "1", "--for", "3s", "-s", "weir://" + core.address()
    };
    CompletableFuture<Integer> exit = CompletableFuture.supplyAsync(() -> terminal.run(words));

    Eventually.eventually(
        "a second with more than it prints",
        () -> {
          run(0, "pub", "tap/x", "a\u001b[31mb");
          return terminal.err().contains("in the last second, 1 of them printed");
        });

    assertThat(exit.join()).isZero();
    assertThat(terminal.out()).contains("tap/x  a.[31mb").doesNotContain("\u001b");
  }
}
