package dev.weir.cli;

import static dev.weir.testkit.Eventually.eventuallyPasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.WeirException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `weir nodes` against a router, a storage node, and what is neither.
final class NodesCommandTest {
  @TempDir Path directory;

  private Served served = new Served(Path.of(""));

  @BeforeEach
  void setUp() {
    served = new Served(directory);
  }

  @AfterEach
  void close() {
    served.close();
  }

  private static Served.Ended nodes(String... options) {
    CapturedTerminal terminal = new CapturedTerminal();
    String[] words = new String[options.length + 1];
    words[0] = "nodes";
    System.arraycopy(options, 0, words, 1, options.length);
    int exit = terminal.run(words);
    return new Served.Ended(exit, terminal.out(), terminal.err());
  }

  @Test
  void showsARoutersStorageNodes() {
    String ops = served.ops(served.start("router", Map.of("router.name", "r1")));

    eventuallyPasses(
        "the node has answered",
        () ->
            assertThat(nodes("--ops", ops).out())
                .contains(
                    "router r1, map version 1", "a             127.0.0.1:", "serving", "16384"));
    JsonTree status = JsonTree.parse(nodes("--ops", "http://" + ops, "--json").out());
    assertThat(status.text("name")).isEqualTo("r1");
    assertThat(status.objects("nodes"))
        .singleElement()
        .satisfies(node -> {
          assertThat(node.text("state")).isEqualTo("serving");
          assertThat(node.isTrue("connected")).isTrue();
          assertThat(node.number("slots")).isEqualTo(16_384);
        });
  }

  @Test
  void showsAStorageNodesRouters() {
    served.start("router", Map.of("router.name", "r1"));
    String ops = served.ops(served.first());

    eventuallyPasses(
        "the router has spoken",
        () ->
            assertThat(nodes("--ops", ops).out())
                .contains("map version 1 of router r1: 16384 slots", "ROUTER", "r1   "));
  }

  @Test
  void showsAStorageNodeThatNoRouterKnows() {
    Served.Ended ended = nodes("--ops", served.ops(served.start("storage", Map.of())));

    assertThat(ended.out()).as(ended.err()).contains("no router has announced a map");
    assertThat(ended.exit()).isZero();
  }

  @Test
  void saysWhatIsNeither() {
    Served.Ended ended = nodes("--ops", served.ops(served.start("all", Map.of())));

    assertThat(ended.exit()).isEqualTo(ExitCode.NOT_FOUND.number());
    assertThat(ended.err()).contains("neither a router nor a storage node");
  }

  @Test
  void saysThatNothingAnswers() {
    Served.Ended ended = nodes("--ops", "127.0.0.1:1");

    assertThat(ended.exit()).isEqualTo(ExitCode.UNREACHABLE.number());
    assertThat(ended.err()).contains("127.0.0.1:1").doesNotContain("\tat ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nowhere", "host:port", "http://", "a b:1", "127.0.0.1"})
  void saysWhatIsNoAddress(String ops) {
    Served.Ended ended = nodes("--ops", ops);

    assertThat(ended.exit()).as(ended.err()).isEqualTo(ExitCode.USAGE.number());
    assertThat(ended.err()).contains("expected HOST:PORT");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{", "{\"a\":}", "{\"a\":[1,", "nonsense"})
  void refusesWhatIsNoObject(String text) {
    assertThatThrownBy(() -> JsonTree.parse(text)).isInstanceOf(WeirException.class);
  }

  @Test
  void refusesWhatNestsTooDeep() {
    String deep = "{\"a\":" + "[".repeat(100) + "]".repeat(100) + "}";

    assertThatThrownBy(() -> JsonTree.parse(deep)).hasMessageContaining("deep");
  }
}
