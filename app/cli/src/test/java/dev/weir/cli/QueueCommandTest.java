package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Clock;
import dev.weir.node.CoreNode;
import dev.weir.testkit.Eventually;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `weir queue` and `weir pub --queue` against a real core in this process.
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class QueueCommandTest {
  private CoreNode core;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    core = CoreNode.start(TestCores.config(directory), "test", Clock.SYSTEM);
  }

  @AfterAll
  void stop() {
    core.close();
  }

  private CapturedTerminal run(int exit, String... words) {
    return run(new CapturedTerminal(), exit, words);
  }

  private CapturedTerminal run(CapturedTerminal terminal, int exit, String... words) {
    String[] all = new String[words.length + 2];
    System.arraycopy(words, 0, all, 0, words.length);
    all[words.length] = "-s";
    all[words.length + 1] = "weir://" + core.address();
    assertThat(terminal.run(all)).as(terminal.err()).isEqualTo(exit);
    assertThat(terminal.err()).doesNotContain("\tat ");
    return terminal;
  }

  private void awaitLength(String queue, long length) {
    Eventually.eventually(
        length + " messages in " + queue,
        () -> core.broker().queues().details(queue).figures().length() == length);
  }

  @Test
  void aMessageGoesThroughAQueue() {
    run(0, "queue", "create", "jobs");
    run(0, "pub", "--queue", "jobs", "hello", "--key", "k", "-H", "a:1", "--priority", "7");
    run(0, "pub", "$queue/jobs", "again");
    awaitLength("jobs", 2);

    assertThat(run(0, "queue", "ls").out()).contains("LENGTH").contains("2").contains("jobs");
    assertThat(run(0, "queue", "peek", "jobs").out()).contains("hello").contains("again");
    String line = run(0, "queue", "consume", "jobs", "-n", "1", "--format", "ndjson").out();
    assertThat(line)
        .contains("\"body\":\"hello\"", "\"key\":\"k\"", "\"a\":\"1\"", "\"priority\":7")
        .contains("\"deliveries\":1")
        .hasLineCount(1);
    assertThat(run(0, "queue", "consume", "jobs", "--exit-at-end").out()).isEqualTo("again\n");
    assertThat(run(0, "queue", "info", "jobs", "--json").out())
        .contains("\"length\":0", "\"acked\":2", "\"leaseMillis\":30000");
    run(0, "queue", "rm", "jobs");
    run(3, "queue", "info", "jobs");
  }

  @Test
  void takesLinesOfItsInput() {
    run(0, "queue", "create", "lines");
    byte[] input = "1\n2\n3\n".getBytes(StandardCharsets.UTF_8);
    run(new CapturedTerminal(input), 0, "pub", "--queue", "lines", "--each", "line");
    awaitLength("lines", 3);

    assertThat(run(0, "queue", "consume", "lines", "-n", "2", "--prefetch", "5").out())
        .isEqualTo("1\n2\n");
    assertThat(run(0, "queue", "peek", "lines", "--json").out())
        .contains("\"body\":\"3\"", "\"deliveries\":0");
  }

  @Test
  void theDeadGoBackToWhereTheyCameFrom() {
    CapturedTerminal created =
        run(0, "queue", "create", "work", "--dead-letter", "work.dead", "--max-deliveries", "1");
    assertThat(created.err()).contains("created work.dead for its dead letters");
    run(0, "pub", "--queue", "work", "poison");
    TestCores.rejectOne(core, "work");
    awaitLength("work.dead", 1);

    assertThat(run(0, "queue", "peek", "work.dead").out()).contains("rejected").contains("poison");
    assertThat(run(0, "queue", "peek", "work.dead", "--json").out())
        .contains("\"deadQueue\":\"work\"", "\"deadReason\":\"rejected\"", "\"deadDeliveries\":1");
    assertThat(run(0, "queue", "requeue", "work.dead", "--json").out())
        .contains("\"requeued\":1", "\"left\":0");
    assertThat(run(0, "queue", "move", "work", "work.dead").out()).contains("moved 1");
    assertThat(run(0, "queue", "requeue", "work.dead").err()).contains("weir queue move");
  }

  @Test
  void removesNothingThatHoldsMessagesWithoutForce() {
    run(0, "queue", "create", "full", "--max-length", "1");
    run(0, "pub", "--queue", "full", "x");
    awaitLength("full", 1);

    assertThat(run(5, "pub", "--queue", "full", "y").err()).contains("WEIR-6003");
    assertThat(run(4, "queue", "rm", "full").err()).contains("WEIR-8005").contains("--force");
    assertThat(run(0, "queue", "purge", "full").out()).contains("purged 1");
    run(0, "pub", "--queue", "full", "z");
    awaitLength("full", 1);
    assertThat(run(0, "queue", "rm", "full", "--force", "--json").out()).contains("\"messages\":1");
  }

  @Test
  void saysWhatIsWrong() {
    run(0, "queue", "create", "orders");
    run(0, "queue", "create", "orders");
    assertThat(run(4, "queue", "create", "orders", "--order", "key").err()).contains("WEIR-8004");
    assertThat(run(3, "queue", "peek", "order").err())
        .contains("WEIR-8003")
        .contains("Did you mean orders?");
    assertThat(run(3, "queue", "consume", "none").err()).contains("WEIR-8003");
    assertThat(run(2, "queue", "create", "No Queue").err()).contains("1 to 63 of a-z");
    assertThat(run(2, "queue", "create", "q", "--filter", "a/#/b").err()).contains("WEIR-7007");
    assertThat(run(2, "pub", "--queue", "none", "x").err()).contains("no queue 'none'");
    assertThat(run(2, "pub", "--queue", "orders", "a", "b").err()).contains("--queue");
    assertThat(new CapturedTerminal().run("pub")).isEqualTo(2);
    assertThat(new CapturedTerminal().run("queue")).isEqualTo(2);
    assertThat(run(2, "queue", "consume", "orders", "--prefetch", "0").err())
        .contains("--prefetch is 0");
    assertThat(run(2, "queue", "move", "orders", "q", "--max", "0").err()).contains("--max is 0");
    assertThat(run(2, "queue", "peek", "orders", "-n", "1001").err()).contains("1 to 1000");
    assertThat(run(2, "pub", "--queue", "orders", "a", "--priority", "10").err())
        .contains("--priority is 10");
  }

  @Test
  void aBoundQueueTakesWhatIsPublishedToItsTopics() {
    run(0, "queue", "create", "bound", "--filter", "shop/+/order", "--filter", "other");
    run(0, "pub", "shop/1/order", "a");
    run(0, "pub", "shop/1/else", "b");
    awaitLength("bound", 1);

    assertThat(run(0, "queue", "info", "bound").out()).contains("$queue/bound shop/+/order other");
    assertThat(run(0, "queue", "consume", "bound", "-e").out()).isEqualTo("a\n");
  }
}
