package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.message.Message;
import dev.weir.node.CoreNode;
import dev.weir.testkit.Eventually;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `weir req` and `weir reply` against a real core in this process.
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RequestCommandTest {
  private CoreNode core;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    core = CoreNode.start(TestCores.config(directory), "test", Clock.SYSTEM);
  }

  @AfterAll
  void stop() {
    core.close();
  }

  private CapturedTerminal run(CapturedTerminal terminal, int exit, String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("-s", "weir://" + core.address(), "--timeout", "20s"));
    assertThat(terminal.run(all.toArray(String[]::new))).as(terminal.err()).isEqualTo(exit);
    assertThat(terminal.err()).doesNotContain("\tat ");
    return terminal;
  }

  /// A `weir reply` that ends after some requests.
  private CompletableFuture<CapturedTerminal> reply(String topic, String... how) {
    List<String> words = new ArrayList<>(List.of("reply", topic));
    words.addAll(List.of(how));
    CompletableFuture<CapturedTerminal> ended =
        CompletableFuture.supplyAsync(
            () -> run(new CapturedTerminal(), 0, words.toArray(String[]::new)),
            task -> Thread.ofVirtual().start(task));
    Eventually.eventually("somebody answers", () -> ended.isDone() || isAnswered(topic));
    return ended;
  }

  /// Asks once: it counts when it was dealt with.
  private boolean isAnswered(String topic) {
    CompletableFuture<Message> asked =
        core.broker().requests().ask(Message.of(topic, "probe"), Duration.ofSeconds(20));
    try {
      var _ = asked.join();
      return true;
    } catch (CompletionException e) {
      return e.getCause() instanceof WeirException known
          && known.code() == ErrorCode.REQUEST_FAILED;
    }
  }

  @Test
  void aCommandAnswers() {
    CompletableFuture<CapturedTerminal> server =
        reply("svc/up", "--exec", "tr a-z A-Z; echo $WEIR_TOPIC >&2", "--count", "3");

    assertThat(run(new CapturedTerminal(), 0, "req", "svc/up", "shout").out()).isEqualTo("SHOUT");
    byte[] input = "from input".getBytes(StandardCharsets.UTF_8);
    String line = run(new CapturedTerminal(input), 0, "req", "svc/up", "--json").out();
    assertThat(line).contains("\"body\":\"FROM INPUT\"", "\"topic\":\"svc/up\"").hasLineCount(1);
    server.join();
  }

  @Test
  void aCommandThatFailsFailsTheRequest() {
    CompletableFuture<CapturedTerminal> server =
        reply("svc/bad", "--exec", "echo no such picture >&2; exit 4", "-n", "2", "-q");

    CapturedTerminal asker = run(new CapturedTerminal(), 5, "req", "svc/bad", "?");
    assertThat(asker.err()).contains("WEIR-8103", "ended with 4: no such picture");
    server.join();
  }

  @Test
  void echoesAndEnds() {
    CompletableFuture<CapturedTerminal> server = reply("svc/echo", "--echo", "-n", "2");

    assertThat(run(new CapturedTerminal(), 0, "req", "svc/echo", "hi").out()).isEqualTo("hi");
    server.join();
    assertThat(run(new CapturedTerminal(), 3, "req", "svc/echo", "hi").err())
        .contains("WEIR-8101", "Nobody answers requests to 'svc/echo'");
  }

  @Test
  void saysWhatIsMissing() {
    assertThat(run(new CapturedTerminal(), 2, "reply", "a").err()).contains("--exec and --echo");
    run(new CapturedTerminal(), 2, "reply", "a", "--echo", "--exec", "date");
    run(new CapturedTerminal(), 2, "reply", "a/#/b", "--echo");
    run(new CapturedTerminal(), 2, "req", "a/#", "x");
  }
}
